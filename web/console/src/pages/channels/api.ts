import { call, client } from '@/api/client'
import type { Channel, ChannelDraft, ChannelEdit, ChannelList, Delivery } from '@/api/types'

export const listChannels = (): Promise<ChannelList> => call(client.GET('/api/v1/channels'))
export const createChannel = (draft: ChannelDraft): Promise<Channel> => call(client.POST('/api/v1/channels', { body: draft }))
export const editChannel = (id: string, edit: Omit<ChannelEdit, 'channel_id'>): Promise<Channel> =>
  call(client.PATCH('/api/v1/channels/{channel_id}', { params: { path: { channel_id: id } }, body: edit as ChannelEdit }))
export const removeChannel = (channel: Channel): Promise<unknown> =>
  call(client.DELETE('/api/v1/channels/{channel_id}', { params: { path: { channel_id: channel.id }, query: { version: channel.version } } }))
export const testChannel = (id: string): Promise<Delivery> =>
  call(client.POST('/api/v1/channels/{channel_id}/test', { params: { path: { channel_id: id } } }))
export const listDeliveries = async (id: string): Promise<Delivery[]> =>
  (await call(client.GET('/api/v1/channels/{channel_id}/deliveries', { params: { path: { channel_id: id } } }))).items
export const retryDelivery = (id: string): Promise<unknown> =>
  call(client.POST('/api/v1/deliveries/{delivery_id}/retry', { params: { path: { delivery_id: id } } }))
