import { listRoutes } from "./list-routes.js";
import { presenceRoutes } from "./presence-routes.js";
import { profileRoutes } from "./profile-routes.js";
import { settingRoutes } from "./setting-routes.js";

export const omnideskRoutes = [
  ...listRoutes,
  ...profileRoutes,
  ...settingRoutes,
  ...presenceRoutes,
];
