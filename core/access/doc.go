// Package access is the vocabulary of Usher: catalogs, resources, access
// packages, policies, requests, assignments and the ledger that holds what one
// person asked for and has. It knows how values are written, what makes them
// valid and how an error is named; it decides nothing and imports the standard
// library only.
//
// The words are those of Microsoft Entra entitlement management where it has
// one, so that nobody who knows the field has to learn new ones.
package access
