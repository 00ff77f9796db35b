/** What a simulator that runs alone says: where it is, and the variables that point Foyer at it. */
export function mainLines(name: string, url: string, environment: Readonly<Record<string, string>>): string {
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  return `${name} is simulated at ${url}, where its page is. Everything is gone when it ends.\n${variables.join(" ")}\n`;
}
