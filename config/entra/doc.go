// Package entra reads what Microsoft Graph says of entitlement management in
// Microsoft Entra, turns it into definitions of Usher, and gives it back.
//
// Read takes JSON as Graph answers it, or as it is posted there: single objects
// and lists under "value", in the shapes of v1.0 and of beta, mixed as they
// come. Each object becomes what it is in Usher. What Usher has no word for is
// kept: the difference between the JSON that came and the JSON that Usher's own
// definition makes is stored beside the definition (access.Kept). Nothing can
// get lost on that way, and Write needs no second list of what is missing: it
// makes the JSON of the definition of today, and puts the differences back that
// still fit. A difference whose place was edited in Usher since is left out.
//
// Where Usher cannot say who may ask, who decides or when access ends, it lets
// fewer ask, has the owners of the catalog decide, or closes the policy. What
// Entra forbids or takes away beyond that (reviews, incompatible groups, catalogs
// that are not published) is not acted on; the report says so.
package entra
