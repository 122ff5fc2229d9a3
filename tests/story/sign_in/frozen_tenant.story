Story: a frozen tenant's people and keys are refused from the next request on; its neighbour works on

Given a tenant "tea" owned by mei
And a store "S1"
And an application "till" that may product.view at headquarters
And mei's password is "Quiet-Harbour-7"
And a tenant "coffee" owned by tom
When the operator runs: tenant freeze tea --reason unpaid
Then the answer says "frozen"
When mei gets /stores
Then the answer is 403 "tenant.frozen"
And nothing was written and nothing was published
When till gets /products
Then the answer is 403 "tenant.frozen"
And nothing was written and nothing was published
When phone signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 403 "tenant.frozen"
When tom gets /stores
Then the answer is 200
When the operator runs: tenant thaw tea --reason paid
And mei gets /stores
Then the answer is 200
And answer.total is 1
