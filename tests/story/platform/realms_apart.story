Story: a merchant's session, key and password open nothing at the platform, nor the other way round

Given a tenant "tea" owned by mei
And mei's password is "Quiet-Harbour-7"
And an application "till" that may product.view at headquarters
And kim runs the platform
And kim's password is "Round-Lantern-9"
# The same browser at the other listener: its cookies have other names.
Given mei sits before the platform's console
When mei gets /session
Then the answer is 401 "session.required"
When mei gets /platform/merchants
Then the answer is 401 "session.required"
And nothing was written and nothing was published
When mei posts /platform/merchants/tea/freeze
  { "reason": "because I can" }
Then the answer is 401 "session.required"
And nothing was written and nothing was published
Given till sits before the platform's console
When till gets /platform/merchants
Then the answer is 401 "session.required"
# Nobody signs in at the platform with a merchant's account, or at the merchants' console as an operator.
Given thief sits before the platform's console
When thief signs in as mei of "tea" with password "Quiet-Harbour-7"
Then the answer is 401 "session.refused"
When phone signs in as kim of "platform" with password "Round-Lantern-9"
Then the answer is 401 "session.refused"
# There are no routes of the one at the other.
When kim gets /orders
Then the answer is 404 "route.not_found"
When kim gets /stores
Then the answer is 404 "route.not_found"
