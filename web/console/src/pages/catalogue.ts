// Every page once: the menu, the routes, the palette, the keys and the guard are made from this list.
import type { Component } from 'vue'
import {
  Avatar, Bell, ChatDotRound, Checked, Collection, Connection, DataAnalysis, Document, Files, Goods, Key, Lock, Message, OfficeBuilding, Promotion, Shop, ShoppingCart, Stamp, Tickets, TrendCharts, Unlock, User, View, Warning,
} from '@element-plus/icons-vue'

export interface PageEntry {
  name: string
  path: string
  permission: string
  also?: string // a page that is of no use without this permission too
  icon: Component
  key: string // pressed after G
  detail?: boolean // has a drawer at path/:id
  load: () => Promise<unknown>
}
export interface PageGroup {
  name: string
  pages: PageEntry[]
}

export const pageGroups: PageGroup[] = [
  {
    name: 'platform', // rights that only the platform's own people can have
    pages: [
      { name: 'going_on', path: '/going-on', permission: 'merchant.safety', icon: Warning, key: '1', load: () => import('./merchants/GoingOnPage.vue') },
      { name: 'merchants', path: '/merchants', permission: 'merchant.view', icon: Shop, key: '2', detail: true, load: () => import('./merchants/MerchantsPage.vue') },
      { name: 'merchant_sign_ins', path: '/merchant-sign-ins', permission: 'merchant.safety', icon: View, key: '3', load: () => import('./merchants/MerchantSignInsPage.vue') },
      { name: 'platform_notices', path: '/platform-notices', permission: 'platform.notices', icon: Bell, key: '4', load: () => import('./merchants/PlatformNoticesPage.vue') },
    ],
  },
  {
    name: 'overview',
    pages: [
      { name: 'dashboard', path: '/dashboard', permission: 'dashboard.view', icon: DataAnalysis, key: 'd', load: () => import('./dashboard/DashboardPage.vue') },
      { name: 'reports', path: '/reports', permission: 'report.sales', icon: TrendCharts, key: 'x', load: () => import('./reports/ReportsPage.vue') },
    ],
  },
  {
    name: 'orders',
    pages: [
      { name: 'counter', path: '/counter', permission: 'order.place', also: 'product.view', icon: ShoppingCart, key: 'c', load: () => import('./counter/CounterPage.vue') },
      { name: 'orders', path: '/orders', permission: 'order.view', icon: Tickets, key: 'o', detail: true, load: () => import('./orders/OrdersPage.vue') },
    ],
  },
  {
    name: 'products',
    pages: [{ name: 'products', path: '/products', permission: 'product.view', icon: Goods, key: 'p', detail: true, load: () => import('./products/ProductsPage.vue') }],
  },
  {
    name: 'members',
    pages: [{ name: 'members', path: '/members', permission: 'member.view', icon: Avatar, key: 'm', detail: true, load: () => import('./members/MembersPage.vue') }],
  },
  {
    name: 'organisation',
    pages: [
      { name: 'organisation', path: '/organisation', permission: 'org.view', icon: OfficeBuilding, key: 'n', load: () => import('./organisation/OrganisationPage.vue') },
      { name: 'stores', path: '/stores', permission: 'store.view', icon: Shop, key: 's', detail: true, load: () => import('./stores/StoresPage.vue') },
      { name: 'staff', path: '/staff', permission: 'staff.view', icon: User, key: 't', detail: true, load: () => import('./staff/StaffPage.vue') },
      { name: 'store_groups', path: '/store-groups', permission: 'store_group.view', icon: Collection, key: 'u', load: () => import('./store_groups/StoreGroupsPage.vue') },
      { name: 'reviews', path: '/reviews', permission: 'grant.review', icon: Checked, key: 'v', load: () => import('./reviews/ReviewsPage.vue') },
      { name: 'roles', path: '/roles', permission: 'role.view', icon: Lock, key: 'r', detail: true, load: () => import('./roles/RolesPage.vue') },
    ],
  },
  {
    name: 'safety',
    pages: [
      { name: 'audit', path: '/audit', permission: 'audit.view', icon: Document, key: 'a', detail: true, load: () => import('./audit/AuditPage.vue') },
      { name: 'approvals', path: '/approvals', permission: 'approval.view', icon: Stamp, key: 'y', detail: true, load: () => import('./approvals/ApprovalsPage.vue') },
      { name: 'disclosures', path: '/disclosures', permission: 'disclosure.view', icon: Files, key: 'w', detail: true, load: () => import('./disclosures/DisclosuresPage.vue') },
      { name: 'sign_ins', path: '/sign-ins', permission: 'safety.ledger', icon: View, key: 'l', load: () => import('./sign_ins/SignInsPage.vue') },
      { name: 'lock_outs', path: '/lock-outs', permission: 'safety.locks', icon: Unlock, key: 'b', load: () => import('./lock_outs/LockOutsPage.vue') },
      { name: 'app_keys', path: '/app-keys', permission: 'app_key.view', icon: Key, key: 'k', detail: true, load: () => import('./app_keys/AppKeysPage.vue') },
      { name: 'channels', path: '/channels', permission: 'channel.view', icon: Promotion, key: 'h', load: () => import('./channels/ChannelsPage.vue') },
      { name: 'destinations', path: '/destinations', permission: 'destination.view', icon: Connection, key: 'q', load: () => import('./destinations/DestinationsPage.vue') },
      { name: 'texts', path: '/texts', permission: 'text.view', icon: ChatDotRound, key: 'e', load: () => import('./texts/TextsPage.vue') },
      { name: 'mailbox', path: '/mailbox', permission: 'mailbox.view', icon: Message, key: 'j', load: () => import('./mailbox/MailboxPage.vue') },
    ],
  },
]

export const allPages: PageEntry[] = pageGroups.flatMap((group) => group.pages)

export const mayOpen = (page: PageEntry, may: (code: string) => boolean): boolean => may(page.permission) && (page.also === undefined || may(page.also))

export function visibleGroups(may: (code: string) => boolean): PageGroup[] {
  return pageGroups
    .map((group) => ({ ...group, pages: group.pages.filter((page) => mayOpen(page, may)) }))
    .filter((group) => group.pages.length > 0)
}

export function firstPage(may: (code: string) => boolean): PageEntry | undefined {
  return allPages.find((page) => mayOpen(page, may))
}
