Story: attacks and locks of every merchant are seen at the platform, and an account is unlocked with a reason

Given a tenant "coffee" owned by tom
And a tenant "tea" owned by mei
And a store "S1"
And mei's password is "Quiet-Harbour-7"
And wang works at store "S1" and may order.view
And kim runs the platform
And kim's password is "Round-Lantern-9"
When kim gets /platform/going-on
Then the answer is 200
And answer.items has no entries
When kim listens to the live events
And thief signs in as mei of "tea" with password "guess-1"
And thief signs in as mei of "tea" with password "guess-2"
And thief signs in as mei of "tea" with password "guess-3"
And thief signs in as mei of "tea" with password "guess-4"
And thief signs in as mei of "tea" with password "guess-5"
Then kim hears "merchant.going_on"
When stranger tries 28 names of "tea" from address 203.0.113.9
And kim gets /platform/going-on
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].code is tea
And answer.items[0].locked_count is 1
And answer.items[0].attacks_count is 1
And answer.others_count is 0
# What the platform is told rings its people's bell.
When kim gets /notices
Then answer.items[0].kind is "merchant.alert"
And the answer says "Merchant tea: "
And the answer says "商家 tea："
And the answer never says "–"
When kim gets /platform/notices
Then answer.items has 2 entries
And answer.items[0].kind is "sign_in.attack"
And answer.items[0].merchant is tea
And answer.items[1].kind is "account.locked"
# Looking closer stands in the merchant's log.
When kim gets /platform/merchants/tea/lock-outs
Then the answer is 200
And answer.items has 1 entry
And the answer is called "locks"
And "platform.looked" was recorded once
When kim gets /platform/merchants/tea/sign-in-attacks
Then answer.items[0].attack is stuffing
When kim gets /platform/merchants/tea/sign-ins?result=refused&limit=5
Then the answer is 200
And answer.items has 5 entries
When kim gets /platform/merchants/coffee/sign-ins?result=refused
Then answer.total is 0
When kim posts /platform/merchants/tea/lock-outs/$locks.items[0].staff.id/unlock
  { "reason": "" }
Then the answer is 422 "input.invalid"
And nothing was written and nothing was published
When kim posts /platform/merchants/coffee/lock-outs/$locks.items[0].staff.id/unlock
  { "reason": "the wrong merchant" }
Then the answer is 404 "lock_out.not_found"
When kim posts /platform/merchants/tea/lock-outs/$locks.items[0].staff.id/unlock
  { "reason": "she called us" }
Then the answer is 204
And "merchant.account_unlocked" was recorded once by kim
And "lock_out.ended" was recorded once
When kim gets /platform/merchants/tea/lock-outs
Then answer.items has no entries
When mei gets /audit-records?action=lock_out.ended
Then answer.items[0].actor.name is "platform: kim"
And the answer says "she called us"
When mei gets /notices
Then answer.items[0].kind is "account.unlocked"
And the answer says "platform: kim"
# The attack is over after an hour, and nothing is left to look at.
When 2 hours pass
And kim signs in as kim of "platform" with password "Round-Lantern-9"
And kim types the app's code
And kim gets /platform/going-on
Then the answer is 200
And answer.items has no entries
