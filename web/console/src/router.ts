import type { Component } from 'vue'
import { createRouter, createWebHashHistory, type RouteLocationRaw } from 'vue-router'
import { allPages, firstPage } from '@/pages/catalogue'
import { useRealm } from '@/stores/realm'
import { useSession } from '@/stores/session'

declare module 'vue-router' {
  interface RouteMeta {
    open?: boolean // for people who are not signed in
    permission?: string
    also?: string
  }
}

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'home', component: () => import('./pages/home/HomePage.vue') },
    { path: '/sign-in', name: 'sign_in', meta: { open: true }, component: () => import('./pages/sign_in/SignInPage.vue') },
    { path: '/welcome', name: 'welcome', meta: { open: true }, component: () => import('./pages/welcome/WelcomePage.vue') },
    { path: '/my-safety', name: 'my_safety', component: () => import('./pages/my_safety/MySafetyPage.vue') },
    { path: '/notices', name: 'notices', component: () => import('./pages/notices/NoticesPage.vue') },
    ...allPages.map((page) => ({
      path: page.detail ? `${page.path}/:id?` : page.path,
      name: page.name,
      meta: { permission: page.permission, also: page.also },
      component: page.load as () => Promise<Component>,
    })),
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/home/MissingPage.vue') },
  ],
})

// Where to go after signing in; only ever a place inside the console.
export function signInTarget(fullPath: string): RouteLocationRaw {
  return fullPath === '/' || fullPath.startsWith('/sign-in') ? { name: 'sign_in' } : { name: 'sign_in', query: { to: fullPath } }
}

export function insideTarget(to: unknown): string {
  return typeof to === 'string' && to.startsWith('/') && !to.startsWith('//') ? to : '/'
}

router.beforeEach(async (to) => {
  await useRealm().load()
  if (to.meta.open) return true
  const session = useSession()
  try {
    await session.load()
  } catch {
    return true // the page itself shows that the server cannot be reached
  }
  if (session.me === null) return signInTarget(to.fullPath)
  if ((session.me.password.state === 'expired' || session.mustAddFactor) && to.name !== 'my_safety') return { name: 'my_safety', replace: true }
  if (to.name === 'home') {
    const first = firstPage(session.may)
    return first ? { name: first.name, replace: true } : true
  }
  return true
})
