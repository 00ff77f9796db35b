/** Lets the browser save a file that the page has. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun by then; some have not yet read it when the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
