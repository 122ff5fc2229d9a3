Story: the platform's own tenant is no merchant: its code is taken, and it is neither listed nor frozen

Given a tenant "tea" owned by mei
When the operator runs: tenant create platform --name 'A merchant'
Then the answer is 1
And the answer says "tenant.code_reserved"
When the operator runs: platform init --login kim
Then the answer is 0
And the answer says "/#/welcome?token="
When the operator runs: tenant list
Then the answer says "tea"
And the answer never says "platform"
When the operator runs: tenant freeze platform --reason curious
Then the answer is 1
And the answer says "tenant.is_platform"
# A merchant's role takes no right of the platform.
When mei posts /roles
  { "name": "climber", "permissions": ["merchant.freeze"] }
Then the answer is 422 "input.invalid"
And nothing was written and nothing was published
When mei gets /permissions
Then the answer never says "merchant.freeze"
Given kim runs the platform
When kim posts /roles
  { "name": "shopkeeper", "permissions": ["order.refund"] }
Then the answer is 422 "input.invalid"
When kim gets /permissions
Then the answer says "merchant.freeze"
And the answer never says "order.refund"
