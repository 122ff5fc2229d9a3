import 'element-plus/es/components/base/style/css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './ui/style.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { whenSignedOut } from './api/client'
import App from './App.vue'
import { i18n } from './i18n'
import { router, signInTarget } from './router'
import { useSession } from './stores/session'
import { applyTheme } from './ui/theme'

applyTheme()
const app = createApp(App)
app.use(createPinia())
app.use(i18n)
app.use(router)

whenSignedOut(() => {
  const session = useSession()
  session.dropped()
  const here = router.currentRoute.value
  if (!here.meta.open) void router.replace(signInTarget(here.fullPath))
})

app.mount('#app')
