Story: a revoked key is refused with its next request

Given a tenant "tea" owned by mei
And a store "S1"
And a product "milk-tea" of 12.00
And an application "till" that may product.view at headquarters
When till gets /products
Then the answer is 200
When mei gets /app-keys
Then the answer is 200
And answer.items has 1 entry
And the answer never says "$secret.till"
When mei deletes /app-keys/$key.till
Then the answer is 204
And "app_key.revoked" was recorded once by mei
When till gets /products
Then the answer is 401 "session.required"
And nothing was written and nothing was published
And the files on disk never hold "$secret.till"
