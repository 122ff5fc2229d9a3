import type zhCN from './zh-CN'

type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }

const en: Texts<typeof zhCN> = {
  language_name: 'English',
  product_name: 'Hangu',
  common: {
    add: 'Add', cancel: 'Cancel', close: 'Close', copied: 'Copied', copy: 'Copy', created_at: 'Created', edit: 'Edit', kept: 'I have kept it',
    length_between: 'Please enter {min} to {max} characters', remove: 'Remove', retry: 'Try again', save: 'Save', saved: 'Saved',
  },
  form: { choose: 'Please choose', required: 'Required', no_amount: 'An amount with at most two decimals' },
  state: { empty: 'Nothing here yet', refused: 'You may not see this', refused_detail: 'Ask an administrator if you need it.' },
  problem: {
    answered: 'The server answered with error {status}', console_fault: 'Something unexpected happened on this page; please reload', incident: 'Incident',
    network_failed: 'The server cannot be reached', network_detail: 'Check the network and try again.',
  },
  group: { overview: 'Overview', orders: 'Orders', products: 'Products', members: 'Members', organisation: 'Organisation', safety: 'Safety' },
  page: {
    dashboard: 'Dashboard', reports: 'Sales report', counter: 'Counter', orders: 'Orders', products: 'Products', members: 'Members', organisation: 'Organisation',
    stores: 'Stores', staff: 'Staff', roles: 'Roles', audit: 'Audit log', app_keys: 'Application keys', sign_in: 'Sign in', welcome: 'Welcome', home: 'Start', missing: 'Not found',
  },
  shell: {
    menu: 'Menu', tabs: 'Opened pages', close_tab: 'Close tab', palette: 'Search and go', palette_hint: 'A page, an order number or a member', language: 'Language',
    search_in: 'Search {page} for “{text}”', live_lost: 'Live connection lost, reconnecting', no_such_page: 'There is no such page', to_start: 'Back to start',
    nothing_allowed: 'Your account has no permissions yet; please ask an administrator.',
  },
  live: { off: 'Not connected', connecting: 'Connecting', open: 'Live', lost: 'Reconnecting' },
  person: {
    password: 'Change password', current_password: 'Current password', new_password: 'New password', again: 'Once more', not_same: 'The two are not the same', password_set: 'Password set',
    dark: 'Dark appearance', light: 'Light appearance', sign_out: 'Sign out',
  },
  help: { title: 'Keyboard shortcuts', go: 'Go to', lists: 'Lists and windows', search: 'Search', rows: 'Next row, previous row', open: 'Open the row', select: 'Select the row', close: 'Close' },
  sign_in: {
    title: 'Merchant console', lead: 'Sign in with the account your company gave you.', motto: 'One gate, a hundred stores. Your data stays yours, and every look at it leaves a trace.',
    tenant: 'Company code', login: 'Account', password: 'Password', enter: 'Sign in', foot: 'Forgot the password? Ask an administrator for a new one-time sign-in link.',
  },
  welcome: {
    title: 'Welcome, {name}', lead: 'You are signed in to {tenant}. Choose a password; next time sign in with company code {code} and account {login}.', save: 'Set password and enter', later: 'Later',
    redeeming: 'Checking the sign-in link…', refused: 'This link cannot be used', refused_lead: 'A one-time link may have been used or have expired. Ask an administrator for a new one.',
  },
  list: {
    count: '{count} rows', range: '{first}–{last} of {total}', per_page: '{count} rows', rows_per_page: 'Rows per page', previous: 'Previous page', next: 'Next page',
    reload: 'Reload', columns: 'Columns', save_view: 'Save as view', view_name: 'Name of the view', remove_view: 'Remove view', selected: '{count} selected', copy_rows: 'Copy as table',
    clear_selection: 'Clear selection', select_page: 'Select this page', select_row: 'Select this row', nothing_found: 'Nothing matches',
  },
  range: { today: 'Today', yesterday: 'Yesterday', last_7: 'Last 7 days', from: 'From', to: 'To' },
  weekday: { 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat', 7: 'Sun' },
  dashboard: {
    day: 'Day', net_fen: 'Net sales', orders_count: 'Orders', average_fen: 'Average order', items_count: 'Items sold', members_count: 'Members who bought', refund_fen: 'Refunds', discount_fen: 'Discounts',
    before: '{value} last week', compare: '{weekday} last week ({day})', hours: 'Sales by hour', week: 'Last 7 days', this_week: 'Last 7 days', week_before: '7 days before', stores: 'Stores', products: 'Products',
    nothing: 'No sales on this day yet', orders: '{count} orders', cups: '{count} items',
  },
  report: {
    name: 'Name', by_store: 'By store', by_day: 'By day', by_product: 'By product', orders_count: 'Orders', items_count: 'Items', gross_fen: 'Gross', discount_fen: 'Discount', refund_fen: 'Refunds', net_fen: 'Net',
  },
  counter: {
    search: 'Product name or code', all: 'All', choose_store: 'Choose a store first', sold_out: 'Sold out', left: '{count} left', cart: 'Cart', clear: 'Clear', empty: 'Tap a product to begin',
    less: 'Less', more: 'More', total: 'Total', pay: 'Pay', add: 'Add', line_remark: 'Remark, for example: a little less', choose_more: 'choose {count} more', up_to: 'up to {count}',
    member_phone: 'Member phone, whole number', find: 'Find', no_member: 'No member has this number', without_member: 'Remove',
    pay_title: 'Pay {amount}', given: 'Cash received', exact: 'Exact', change: 'Change', too_little: 'Not enough', reference: 'Payment reference', reference_hint: 'The number on the terminal or scanner', take: 'Take {amount}',
    sending: 'Sending, please wait…', unknown: 'The outcome is not known yet', unknown_text: 'The network is weak and no answer arrived. Asking again uses the same number, so the order cannot be placed twice.', ask_again: 'Ask again',
    abandon: 'Give up this payment', abandon_text: 'First make sure in the order list that this order was not placed.', paid: 'Paid', next: 'Next order',
  },
  order: {
    title: 'Order {number}', number: 'Order number', pick_up_number: 'Pick-up number', store: 'Store', mode: 'Mode', lines_count: 'Lines', total: 'Total', payment: 'Payment', production: 'Production', fulfilment: 'Pick-up',
    placed_at: 'Placed', placed_by: 'Placed by', business_day: 'Business day', member: 'Member', remark: 'Remark', lines: 'Items', gross: 'Gross', discount: 'Discount', refunded_sum: 'Refunded', payments: 'Payments and refunds',
    no_payments: 'Not paid yet', timeline: 'Timeline', search: 'Order or pick-up number', none: 'No orders yet', one_member: 'One member',
    cancel: 'Cancel order', cancel_reason: 'Reason (a paid order is refunded in full)', cancelled: 'Order cancelled', refund: 'Refund', refund_reason: '{amount} will be refunded in full. Reason:', refunded: 'Refunded', advanced: 'Updated',
    step_accepted: 'Accept', step_making: 'Begin making', step_ready: 'Ready', step_handed_over: 'Hand over',
  },
  order_mode: { dine_in: 'Dine in', pick_up: 'Pick up', retail: 'Retail' },
  payment_state: { pending: 'To pay', paid: 'Paid', refunded: 'Refunded', closed: 'Closed' },
  production_state: { received: 'Received', accepted: 'Accepted', making: 'Making', ready: 'Ready', handed_over: 'Handed over', rejected: 'Rejected' },
  fulfilment_state: { waiting: 'Waiting', called: 'Called', picked: 'Picked up', cancelled: 'Cancelled' },
  tender: { cash: 'Cash', external: 'External payment' },
  product: {
    name: 'Product', code: 'Code', category: 'Category', specs_count: 'Specs', price: 'Price', stock: 'Availability', state: 'State', search: 'Product name or code', none: 'No products yet', new: 'New product', categories: 'Categories',
    new_category: 'New category', sort: 'Order', count: '{count} products', sold_out: 'Sold out', available: 'Available', description: 'Description', specs: 'Specs and prices', spec: 'Spec', base_price: 'Base price', modifiers: 'Modifiers and toppings',
    no_modifiers: 'No modifiers', limits: 'choose {min} to {max}', default: 'default', at_store: 'Price and stock at a store', choose_store: 'Choose a store to set its price, availability and remaining count', store_price: 'Store price', remaining: 'Remaining',
    unlimited: 'Unlimited', on_sale: 'On sale', add_spec: 'Add spec', add_group: 'Add modifier group', add_option: 'Add option', group_name: 'Name, for example: sweetness', option: 'Option', extra: 'Extra', kind: 'Kind', min: 'At least', max: 'At most',
    need_spec: 'At least one spec is needed', bad_limits: 'The maximum must not be below the minimum nor above the number of options', too_many_defaults: 'More defaults than the maximum',
  },
  product_state: { on: 'On', off: 'Off' },
  modifier_kind: { choice: 'Choice', topping: 'Topping' },
  member: {
    name: 'Name', phone: 'Phone', code: 'Member code', level: 'Level', gender: 'Gender', birthday: 'Birthday', orders: 'Orders', spent: 'Spent', joined_at: 'Joined', store: 'Joined at',
    search: 'Whole phone, name or code', none: 'No members yet', new: 'New member', see_orders: 'Orders of this member',
  },
  gender: { female: 'Female', male: 'Male', unknown: 'Unknown' },
  level: { standard: 'Member', normal: 'Member', basic: 'Member', regular: 'Member', silver: 'Silver', gold: 'Gold', platinum: 'Platinum' },
  reveal: { title: 'Show the whole phone number', why: 'Please give a reason; this look is recorded.', show: 'Show', hide: 'Hide' },
  org: {
    summary: '{regions} regions, {stores} stores', none: 'Nothing of the organisation is in your sight', fold: 'Open or fold', add_region: 'Add region', region_under: 'Name of the region under {name}:', rename: 'Rename', new_name: 'New name:',
  },
  node_kind: { headquarters: 'Headquarters', region: 'Region', store: 'Store' },
  store: {
    all: 'All stores', name: 'Store', code: 'Code', region: 'Region', address: 'Address', phone: 'Phone', state: 'State', search: 'Store name or code', none: 'No stores yet', new: 'New store', opening_hours: 'Opening hours',
    opens: 'Opens', closes: 'Closes', day_off: 'Closed', see_orders: 'Orders of this store', to_open: 'Reopen', to_paused: 'Pause', to_closed: 'Close store',
    to_paused_text: '{name} will take no new orders; orders already placed go on.', to_closed_text: '{name} will stop trading and disappear from the counter.',
  },
  store_state: { open: 'Open', paused: 'Paused', closed: 'Closed' },
  staff: {
    name: 'Name', login_name: 'Account', phone: 'Phone', node: 'Belongs to', roles: 'Roles', state: 'State', last_sign_in: 'Last sign-in', never: 'Never', search: 'Name or account', none: 'No staff yet', new: 'New staff',
    invite: 'Send sign-in link', suspend: 'Suspend', resume: 'Resume', leave: 'Has left', suspend_text: 'Every session of {name} ends at once. You can resume at any time.', leave_text: 'Every session of {name} ends at once, and the account cannot come back.',
    link_title: 'One-time sign-in link', link_text: 'Hand this link to the person. It is shown once and works once.', link_note: 'When it has expired, send a new one.',
  },
  staff_state: { active: 'Active', suspended: 'Suspended', left: 'Left' },
  role: {
    name: 'Role', permissions: 'Permissions', staff_count: 'People', kind: 'Kind', built_in: 'Built in', own: 'Own', search: 'Role name', none: 'No roles yet', new: 'New role', copy: 'Copy role', copy_of: 'Copy of {name}',
    built_in_note: 'The built-in role holds everything and cannot be changed or removed. Copy it to adjust.', search_permission: 'Search permissions', toggle_all: 'All or none', added: '{count} added', taken: '{count} removed',
    concerns: 'Saving concerns {count} people at once.', in_use: 'Still in use', remove: 'Remove role', remove_text: 'Remove the role {name}?', removed: 'Role removed',
  },
  audit: {
    at: 'Time', actor: 'Who', kind: 'Kind', action: 'Action', subject: 'Subject', result: 'Result', address: 'Address', route: 'Route', search: 'Who, action or subject', none: 'No records yet', both: 'All',
    one_actor: 'One person', one_subject: 'One subject', same_actor: 'All by this person', same_subject: 'All about this subject', same_action: 'Same action', fields: 'What changed', no_fields: 'No fields changed', field: 'Field', before: 'Before', after: 'After',
    proof: 'Proof', proof_text: 'Every record has a fingerprint in a log that only grows; it can be verified offline.', leaf_hash: 'Fingerprint', record_id: 'Record', trace_id: 'Trace', not_on_page: 'This record is not on the current page; please search for it',
  },
  audit_kind: { act: 'Act', visit: 'Visit' },
  audit_result: { ok: 'Done', done: 'Done', allowed: 'Done', success: 'Done', refused: 'Refused', denied: 'Refused', failed: 'Failed' },
  actor_kind: { nobody: 'Not signed in', staff: 'Staff', application: 'Application', system: 'System' },
  subject: {
    order: 'Order', member: 'Member', staff: 'Staff', role: 'Role', store: 'Store', product: 'Product', category: 'Category', spec: 'Spec', org_node: 'Organisation', app_key: 'Application key', session: 'Session', tenant: 'Company', report: 'Report', dashboard: 'Dashboard',
  },
  action: {
    order_placed: 'Placed', order_paid: 'Paid', order_cancelled: 'Cancelled', order_refunded: 'Refunded', order_advanced: 'Production advanced', order_accepted: 'Accepted', order_making: 'Making', order_ready: 'Ready', order_handed_over: 'Handed over',
    order_viewed: 'Order viewed', member_created: 'Member created', member_edited: 'Member changed', member_phone_revealed: 'Member phone shown', member_reveal_phone: 'Member phone shown', member_viewed: 'Member viewed',
    session_opened: 'Signed in', session_refused: 'Sign-in refused', session_closed: 'Signed out', session_redeemed: 'Signed in by one-time link', session_password_changed: 'Password changed',
    staff_created: 'Staff created', staff_edited: 'Staff changed', staff_suspended: 'Staff suspended', staff_resumed: 'Staff resumed', staff_left: 'Staff left', staff_invited: 'Sign-in link sent',
    role_created: 'Role created', role_edited: 'Role changed', role_removed: 'Role removed', store_created: 'Store created', store_edited: 'Store changed', org_created: 'Region created', org_renamed: 'Organisation renamed',
    product_created: 'Product created', product_edited: 'Product changed', product_store_price_set: 'Store price set', category_created: 'Category created', category_edited: 'Category changed', app_key_created: 'Application key created', app_key_revoked: 'Application key revoked',
    order_list: 'Orders listed', order_view: 'Order viewed', order_preview: 'Price asked', dashboard_view: 'Dashboard viewed', report_sales: 'Sales report viewed', member_list: 'Members listed', member_view: 'Member viewed',
    product_list: 'Products listed', product_view: 'Product viewed', category_list: 'Categories listed', store_list: 'Stores listed', store_view: 'Store viewed', org_list: 'Organisation viewed', staff_list: 'Staff listed', staff_view: 'Person viewed',
    role_list: 'Roles listed', permission_list: 'Permissions listed', audit_list: 'Audit log viewed', app_key_list: 'Application keys listed', session_view: 'Session viewed', event_stream: 'Live events heard', import_applied: 'Data imported',
  },
  app_key: {
    lead: 'For other systems that use the open interface, under the same permissions as people.', name: 'Name', name_hint: 'For example: mini-program, finance', prefix: 'Prefix', permissions: 'Permissions', state: 'State', last_used: 'Last used', never: 'Never', none: 'No application keys yet',
    new: 'New key', create: 'Create key', node: 'Data range', node_hint: 'Everything, if left empty', revoke: 'Revoke key', revoke_text: 'Systems that use {name} will be refused at once.', revoked: 'Key revoked',
    secret_title: 'New application key', secret_text: 'The key is shown this once. Keep it in a safe place now.', secret_note: 'A lost key cannot be found again, only revoked and made anew.',
  },
  app_key_state: { active: 'Active', revoked: 'Revoked' },
}

export default en
