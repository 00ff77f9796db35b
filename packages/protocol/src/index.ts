/** The contract between a Foyer server and everything that talks to it. */
export {
  type Account,
  type AuditEntry,
  account,
  auditEntry,
  type LoginBody,
  type Profile,
  profile,
  type RegisterBody,
  role,
  type Session,
  type SessionState,
  type SignedIn,
  session,
  signedIn,
} from "./accounts.ts";
export type { Analytics, Attempt, Delivery, DeliveryReason, DeliveryState } from "./alerts/deliveries.ts";
export { deliveryReason } from "./alerts/deliveries.ts";
export type {
  CreateDestinationBody,
  Destination,
  DestinationKind,
  OffReason,
  StreamerOverride,
  TestResult,
  UpdateDestinationBody,
} from "./alerts/destinations.ts";
export type {
  AlertsStatus,
  Guild,
  GuildChannel,
  GuildConfig,
  GuildConfigView,
  GuildRole,
  Streamer,
  StreamerInvite,
  StreamerInvitePreview,
} from "./alerts/guilds.ts";
export type { LiveRoom, Preference, Preferences, PushDevice, QuietHours } from "./alerts/preferences.ts";
export { discordSizes, templateVariables } from "./alerts/template.constants.ts";
export {
  type AlertTemplate,
  alertTemplate,
  type EmbedTemplate,
  type EndAction,
  type MentionChoice,
  type MessageTemplate,
  mentionChoice,
  type RenderedMessage,
  type TemplatePreview,
  type TemplateVariable,
} from "./alerts/templates.ts";
export {
  closeCodes,
  defaultLimits,
  hasRole,
  mayReconnect,
  permissionLevels,
  type Role,
  roles,
  signInProviders,
} from "./constants.ts";
export {
  type Endpoint,
  type EndpointInput,
  type EndpointName,
  type EndpointOutput,
  type Endpoints,
  endpoints,
} from "./endpoints.ts";
export { type ErrorBody, type ErrorCode, errorBody, errorCodes, errorStatus, type Problem, problem } from "./errors.ts";
export {
  type ClientAction,
  type ClientFrame,
  type ClientFrameOf,
  clientFrames,
  type Position,
  type PresenceState,
  type ReplyData,
  replyData,
  type ServerFrame,
  type ServerFrameOf,
  type ServerFrameType,
  serverFrames,
} from "./frames.ts";
export { type Limits, limits } from "./limits.ts";
export {
  type AccessToken,
  type AuthStatus,
  accessToken,
  type IdentityLink,
  type LinkList,
  type PermissionLevel,
  type ProviderOffer,
  permissionLevel,
  returnPath,
  type SignInProvider,
  type WhoAmI,
} from "./links.ts";
export {
  type Message,
  type MessagePage,
  message,
  type Reaction,
  type ReplyPreview,
  type Revision,
} from "./messages.ts";
export type { Ban, Report, WordFilter } from "./moderation.ts";
export type {
  CreateRoomBody,
  GuestAccess,
  Invite,
  Member,
  Room,
  RoomKind,
  RoomRights,
  RoomView,
  UpdateRoomBody,
} from "./rooms.ts";
export { routes } from "./routes.ts";
export {
  actionScopes,
  holdsScope,
  type NeededScope,
  neededScope,
  scopedRole,
  type TokenScope,
  tokenScopes,
} from "./scopes.ts";
export {
  type AccountSecurity,
  type CreatedToken,
  type CreateTokenBody,
  type DeleteAccountBody,
  type Passkey,
  type PasskeyOptions,
  type ProgramToken,
  type ProofMethod,
  proofMethods,
  type StartedTotp,
  type SteppedUp,
  type StepUpBody,
} from "./security.ts";
export { clientId, displayName, emoji, handle, id, offset, passphrase, password, roomId } from "./values.ts";
