Story: a key made without naming a place is good for the whole house of who made it

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
When mei posts /app-keys
  { "name": "till", "permissions": ["product.view", "order.place"] }
Then the answer is 201
And answer.app_key.state is active
And "app_key.created" was recorded once by mei
When mei gets /app-keys
Then answer.total is 1
