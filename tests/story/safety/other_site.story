Story: a request that another site made with our cookie is refused before it can do anything

Given a tenant "tea" owned by mei
And a store "S1"
When mei posts /categories saying it comes from "https://evil.test"
  { "name": "Drinks" }
Then the answer is 403 "origin.refused"
And nothing was written and nothing was published
And the server's log says "origin.refused"
And the server's log says "https://evil.test"
When mei posts /categories saying it comes from "null"
  { "name": "Drinks" }
Then the answer is 403 "origin.refused"
And nothing was written and nothing was published
When mei posts /categories without saying where from
  { "name": "Drinks" }
Then the answer is 403 "origin.refused"
And nothing was written and nothing was published
When mei deletes /session saying it comes from "https://evil.test"
Then the answer is 403 "origin.refused"
When stranger signs in as mei of "tea" with password "x" saying it comes from "https://evil.test"
Then the answer is 403 "origin.refused"
And nothing was written
When mei posts /categories without saying where from with header "sec-fetch-site" "same-origin"
  { "name": "Drinks" }
Then the answer is 201
When mei gets /categories saying it comes from "https://evil.test"
Then the answer is 200
When the visits are written down
And mei gets /audit-records?kind=visit&result=refused&actor_id=$staff.mei
Then the answer says "category.create"
