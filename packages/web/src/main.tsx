import "@fontsource-variable/inter/index.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./app/tokens.css";
import "./app/global.css";
import { createClient } from "@foyer/client";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { createQueryClient } from "./app/query.client.ts";
import { createAppRouter } from "./app/router.tsx";
import { createStepUp } from "./app/step.up.ts";

const stepUp = createStepUp();
const client = createClient({ url: location.origin, recover: stepUp.recover });
const queries = createQueryClient();
const router = createAppRouter({ client, queries });
const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(<App client={client} stepUp={stepUp} queries={queries} router={router} />);
