// Starts the behaviour of the GOV.UK components on this page.
import { initAll } from "../vendor/govuk/govuk-frontend.min.js";

initAll();
