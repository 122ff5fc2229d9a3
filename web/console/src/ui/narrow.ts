import { readonly, ref, type Ref } from 'vue'

// One question to the browser for the whole console: is this a phone?
const query = typeof matchMedia === 'function' ? matchMedia('(max-width: 720px)') : null
const narrow = ref(query?.matches ?? false)
query?.addEventListener('change', (event) => (narrow.value = event.matches))

export const useNarrow = (): Readonly<Ref<boolean>> => readonly(narrow)
