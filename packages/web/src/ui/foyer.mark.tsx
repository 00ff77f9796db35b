/** The mark: two half-open doors with light between them, in the colours of the scheme. `size` in pixels. */
export function FoyerMark(props: { size?: number }) {
  const size = props.size ?? 24;
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <path fill="currentColor" d="M3 3.5 11.5 7v18L3 28.5Zm26 0L20.5 7v18l8.500 3.5Z" />
      <path fill="var(--f-accent)" d="M14 8h4v14l2.500 4h-9l2.500-4Z" />
    </svg>
  );
}
