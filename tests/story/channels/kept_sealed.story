Story: a robot's address and secret are shown to nobody and stand nowhere in clear

Given a tenant "tea" owned by mei
And a store "S1"
And wang works at store "S1" and may channel.view
When mei posts /channels
  { "kind": "dingtalk", "name": "Duty", "address": "https://oapi.dingtalk.com/robot/send?access_token=Zx9quietharbour7777", "secret": "SECquietharbour", "locale": "zh", "severity_min": "warning", "kinds": ["audit.damaged"] }
Then the answer is 201
And "channel.created" was recorded once by mei
And answer.is_signed is true
And answer.shown is "oapi.dingtalk.com …7777"
And the answer never says "Zx9quietharbour"
And the answer is called "channel"
When wang gets /channels
Then the answer is 200
And the answer never says "quietharbour"
And the files on disk never hold "quietharbour"
When mei patches /channels/$channel.id
  { "kinds": ["no.such"], "version": 1 }
Then the answer complains about "kinds": "field.unknown"
When mei patches /channels/$channel.id
  { "active": false, "version": 7 }
Then the answer is 409 "channel.stale"
And nothing was written and nothing was published
When mei patches /channels/$channel.id
  { "active": false, "version": 1 }
Then the answer is 200
And answer.active is false
And "channel.edited" was recorded once by mei
When mei deletes /channels/$channel.id?version=2
Then the answer is 204
And "channel.removed" was recorded once by mei
