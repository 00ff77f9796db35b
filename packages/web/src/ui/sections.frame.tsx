import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import styles from "./sections.module.css";

/** One section of a page such as the settings. `path` is the address it has. */
export interface SectionLink {
  id: string;
  path: string;
  label: string;
  icon: ReactNode;
}

interface FrameProps {
  title: string;
  /** What stands before the title. */
  before?: ReactNode;
  /** Name of the navigation for screen readers. */
  label: string;
  sections: readonly SectionLink[];
  active: string;
  wide?: boolean;
  children: ReactNode;
}

/** Frame of a page of several sections: their links beside the content, above it on a phone. */
export function SectionsFrame(props: FrameProps) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        {props.before}
        <h1 className={styles.title}>{props.title}</h1>
      </header>
      <div className={styles.body}>
        {props.sections.length > 0 && (
          <nav aria-label={props.label} className={styles.nav}>
            {props.sections.map((section) => (
              <Link
                key={section.id}
                to={section.path}
                ref={section.id === props.active ? bringIntoSight : undefined}
                className={styles.link}
                aria-current={section.id === props.active ? "page" : undefined}
                data-active={section.id === props.active || undefined}
              >
                {section.icon}
                {section.label}
              </Link>
            ))}
          </nav>
        )}
        <div key={props.active} className={styles.scroller}>
          <div className={styles.content} data-wide={props.wide === true || undefined}>
            {props.children}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The links scroll sideways on a phone: the one of the section that is shown must not stay out of sight. */
function bringIntoSight(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** A titled part of a page, with a line that says what it is for. */
export function Section(props: { title: string; lead?: string; aside?: ReactNode; children: ReactNode }) {
  const id = `section-${props.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  return (
    <section aria-labelledby={id} className={styles.section}>
      <div className={styles.head}>
        <div>
          <h2 id={id} className={styles.heading}>
            {props.title}
          </h2>
          {props.lead !== undefined && <p className={styles.lead}>{props.lead}</p>}
        </div>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
