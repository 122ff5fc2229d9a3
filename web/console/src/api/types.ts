// Names for the shapes in the generated schema, taken from the routes, so that no page writes a shape by hand.
import type { paths as PlatformPaths } from './platform_schema'
import type { paths } from './schema'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never
type JsonOf<T> = T extends { content: { 'application/json': infer Body } } ? Body : never
type Success<R> = { [Status in keyof R]: Status extends 200 | 201 ? JsonOf<R[Status]> : never }[keyof R]
type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R } ? Success<R> : never
type Body<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody?: infer B } ? JsonOf<NonNullable<B>> : never

export type Me = Answer<'/api/v1/session', 'get'>
export type TextCodeAsked = Answer<'/api/v1/session/text-code', 'post'>
export type OwnSafety = Answer<'/api/v1/session/safety', 'get'>
export type TotpBegun = Answer<'/api/v1/session/totp', 'post'>
export type PermissionNode = Answer<'/api/v1/permissions', 'get'>['items'][number]
export type Dashboard = Answer<'/api/v1/dashboard', 'get'>
export type SalesReport = Answer<'/api/v1/reports/sales', 'get'>
export type SalesRow = SalesReport['rows'][number]
export type OrgNode = Answer<'/api/v1/org-nodes', 'get'>['items'][number]
export type Store = Answer<'/api/v1/stores', 'get'>['items'][number]
export type StoreEdit = Body<'/api/v1/stores/{store_id}', 'patch'>
export type Staff = Answer<'/api/v1/staff', 'get'>['items'][number]
export type Role = Answer<'/api/v1/roles', 'get'>['items'][number]
export type RolePreview = Answer<'/api/v1/roles/{role_id}/preview', 'post'>
export type DutyPair = Answer<'/api/v1/duty-pairs', 'get'>['items'][number]
export type GrantList = Answer<'/api/v1/staff/{staff_id}/grants', 'get'>
export type Grant = GrantList['items'][number]
export type GrantInput = Body<'/api/v1/staff/{staff_id}/grants', 'put'>['grants'][number]
export type Explanation = Answer<'/api/v1/staff/{staff_id}/explain', 'get'>
export type Holdings = Answer<'/api/v1/staff/{staff_id}/holdings', 'get'>
export type GrantReview = Answer<'/api/v1/grants', 'get'>['items'][number]
export type StoreGroup = Answer<'/api/v1/store-groups', 'get'>['items'][number]
export type CounterStore = Answer<'/api/v1/order-stores', 'get'>['items'][number]
export type Member = Answer<'/api/v1/members', 'get'>['items'][number]
export type Category = Answer<'/api/v1/categories', 'get'>['items'][number]
export type ProductSummary = Answer<'/api/v1/products', 'get'>['items'][number]
export type Product = Answer<'/api/v1/products/{product_id}', 'get'>
export type PictureLink = Answer<'/api/v1/product-pictures', 'get'>['items'][number]
export type ProductPicture = Answer<'/api/v1/products/{product_id}/picture', 'put'>
export type Spec = Product['specs'][number]
export type ModifierGroup = Product['modifier_groups'][number]
export type ModifierOption = ModifierGroup['options'][number]
export type ProductCreate = Body<'/api/v1/products', 'post'>
export type OrderSummary = Answer<'/api/v1/orders', 'get'>['items'][number]
export type Order = Answer<'/api/v1/orders/{order_id}', 'get'>
export type OrderDraft = Body<'/api/v1/orders/preview', 'post'>
export type OrderPlace = Body<'/api/v1/orders', 'post'>
export type Priced = Answer<'/api/v1/orders/preview', 'post'>
export type SignInEntry = Answer<'/api/v1/sign-ins', 'get'>['items'][number]
export type SignInExport = Body<'/api/v1/sign-in-exports', 'post'>
export type LockOut = Answer<'/api/v1/lock-outs', 'get'>['items'][number]
export type SignInAttack = Answer<'/api/v1/sign-in-attacks', 'get'>['items'][number]
export type OwnHabit = Answer<'/api/v1/session/habits', 'get'>['items'][number]
export type AuditRecord = Answer<'/api/v1/audit-records', 'get'>['items'][number]
export type AuditLog = Answer<'/api/v1/audit-log', 'get'>
export type AuditCheck = Answer<'/api/v1/audit-log/check', 'get'>
export type AuditComparison = Answer<'/api/v1/audit-log/compare', 'post'>
export type AuditArchive = NonNullable<Answer<'/api/v1/audit-records', 'get'>['archive']>
export type AuditExport = Body<'/api/v1/audit-exports', 'post'>
export type Approval = Answer<'/api/v1/approvals', 'get'>['items'][number]
export type Disclosure = Answer<'/api/v1/disclosures', 'get'>['items'][number]
export type DisclosureAsked = Body<'/api/v1/disclosures', 'post'>
export type DisclosureContent = Answer<'/api/v1/disclosures/{disclosure_id}/take', 'post'>
export type Notice = Answer<'/api/v1/notices', 'get'>['items'][number]
export type ChannelList = Answer<'/api/v1/channels', 'get'>
export type Channel = ChannelList['items'][number]
export type ChannelDraft = Body<'/api/v1/channels', 'post'>
export type ChannelEdit = Body<'/api/v1/channels/{channel_id}', 'patch'>
export type Delivery = Answer<'/api/v1/channels/{channel_id}/deliveries', 'get'>['items'][number]
export type DestinationList = Answer<'/api/v1/destinations', 'get'>
export type Destination = DestinationList['items'][number]
export type DestinationDraft = Body<'/api/v1/destinations', 'post'>
export type DestinationEdit = Body<'/api/v1/destinations/{destination_id}', 'patch'>
export type DeadLetter = Answer<'/api/v1/destinations/{destination_id}/dead-letters', 'get'>['items'][number]
export type DeadLetterView = Answer<'/api/v1/dead-letters/{letter_id}', 'get'>
export type TextMessage = Answer<'/api/v1/texts', 'get'>['items'][number]
export type MailboxMessage = Answer<'/api/v1/mailbox', 'get'>['items'][number]
export type AppKey = Answer<'/api/v1/app-keys', 'get'>['items'][number]

export interface Page<Row> {
  items: Row[]
  next_cursor?: string | null
  total: number
}

type PlatformList<P extends keyof PlatformPaths> = PlatformPaths[P] extends { get: { responses: { 200: { content: { 'application/json': { items: (infer Row)[] } } } } } } ? Row : never
export type Merchant = PlatformList<'/api/v1/platform/merchants'>
export type GoingOnNow = PlatformPaths['/api/v1/platform/going-on']['get']['responses'][200]['content']['application/json']
export type PlatformNotice = PlatformList<'/api/v1/platform/notices'>
