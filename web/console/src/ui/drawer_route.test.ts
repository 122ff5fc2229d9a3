// @vitest-environment jsdom
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useDrawerRoute, type DrawerRoute } from './drawer_route'

it('opens and closes with the address, and never leads back from another page', async () => {
  const empty = defineComponent({ render: () => h('div') })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/stores/:id?', name: 'stores', component: empty }, { path: '/orders/:id?', name: 'orders', component: empty }],
  })
  await router.push('/stores?q=tea')
  let drawer: DrawerRoute | undefined
  mount(defineComponent({
    setup() {
      drawer = useDrawerRoute('stores')
      return () => h('div')
    },
  }), { global: { plugins: [router] } })
  drawer!.open('A')
  await flushPromises()
  expect([drawer!.openId.value, router.currentRoute.value.fullPath]).toEqual(['A', '/stores/A?q=tea'])
  drawer!.close()
  await flushPromises()
  expect([drawer!.openId.value, router.currentRoute.value.fullPath]).toEqual([null, '/stores?q=tea'])
  drawer!.open('A')
  await flushPromises()
  await router.push('/orders/B')
  expect(drawer!.openId.value).toBeNull()
  drawer!.close()
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/orders/B')
})
