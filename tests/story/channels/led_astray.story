Story: warnings cannot be led to a stranger's address, nor by who finds an open screen

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And a store "S1"
And wang works at store "S1" and may channel.view
And thief has a copy of mei's cookie
When mei posts /channels
  { "kind": "wecom", "name": "Duty", "address": "https://evil.test/cgi-bin/webhook/send?key=0123456789", "locale": "zh", "severity_min": "warning" }
Then the answer complains about "address": "channel.address_invalid"
And nothing was written and nothing was published
When mei posts /channels
  { "kind": "wecom", "name": "Duty", "address": "http://169.254.169.254/cgi-bin/webhook/send?key=0123456789", "locale": "zh", "severity_min": "warning" }
Then the answer complains about "address": "channel.address_invalid"
When mei posts /channels
  { "kind": "mail", "name": "Duty", "address": "mei@tea.test", "locale": "zh", "severity_min": "warning" }
Then the answer is 409 "channel.no_mail_server"
When wang posts /channels
  { "kind": "wecom", "name": "Duty", "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789", "locale": "zh", "severity_min": "warning" }
Then the answer is 403 "permission.denied"
When 6 minutes pass
And thief posts /channels
  { "kind": "wecom", "name": "Duty", "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789", "locale": "zh", "severity_min": "warning" }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
