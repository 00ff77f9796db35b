import { Notifications } from "@mantine/notifications";
import styles from "./toast.module.css";

/** Where toasts appear: low in the middle, clear of the composer. */
export function ToastOutlet() {
  return <Notifications position="bottom-center" limit={3} classNames={{ root: styles.root ?? "" }} />;
}
