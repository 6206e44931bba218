// Package config reads what people write for Usher: the configuration of the
// process (Load) and definitions of catalogs, resources and packages
// (ParseDefinitions). Both are YAML, read strictly: a key that is not known, a
// value of another kind or a reference that leads nowhere is an error that
// names file, line and column and shows the place. All problems are told at
// once and nothing is taken from a file that has one.
//
// # Definitions
//
//	settings:
//	  name: Demo
//	  managedBy: file                         # also in catalogs, resources and packages; see below
//	  admins: [{person: playground/olga}]     # never empty
//	  auditors: [{group: playground/audit}]
//	  locale: en                              # for whoever has none of their own
//	  zone: Europe/Berlin                     # dates in this file are read in it
//	  stageLimit: 3
//	  takeFound: false                        # true: also take away, at the end, what was there before
//	  restore: false                          # true: give anew what somebody took away by hand
//	  cards: {channels: [playground/approvals], only: true}  # also in catalogs and packages; see below
//	catalogs:
//	  - id: design
//	    name: Design
//	    owners: [{person: playground/olga}]   # also readers, packageManagers, assignmentManagers
//	resources:
//	  - id: team-site
//	    catalog: design                       # default: general
//	    name: Team site
//	    connector: playground
//	    target: site
//	    hands: [{person: playground/ben}]     # connector "manual" only
//	    roles:
//	      - id: reader
//	        name: Reader
//	        can: {en: Read the site, de: Die Website lesen}
//	packages:
//	  - id: contractor
//	    catalog: design
//	    name: External contractor
//	    description: What somebody from outside needs for a month.
//	    roles: [team-site/reader]
//	    hidden: false
//	    incompatible: [audit]
//	    terms: {en: Be kind., de: Sei nett.}
//	    policies:                             # the first that fits counts
//	      - id: outside
//	        name: People from outside
//	        requestors: [members, outsiders, {person: a/b}, {group: a/g}]  # none: admins assign
//	        closed: false                     # true: new requests are off
//	        onBehalf: [managers, {person: a/b}, {group: a/g}]
//	        choosable: false
//	        justification: true
//	        questions:
//	          - id: place
//	            kind: choice                  # short text, long text, choice, choices, yes/no, number, date, person
//	            label: {en: Where?, de: Wo?}
//	            required: true
//	            editable: false               # by the approver
//	            pattern: "[A-Z]+"             # texts only; matches the whole answer
//	            options: [{value: home, label: {en: At home, de: Zu Hause}}, …]
//	        stages:
//	          - approvers: [{person: a/b}, {group: a/g}, manager, package owners, catalog owners, tenant admins]
//	            quorum: 1
//	            within: 14 days
//	            reasonRequired: true
//	            alternates: [manager]
//	            alternatesAfter: 7 days
//	            fallbacks: [catalog owners]
//	        ends: after 30 days
//	        ownTimes: false
//	        extend: with approval             # yes, no (default), with approval
//
// A text is one string, or one for each language; then "text", else "en", else
// the first one is shown to whoever speaks none of them.
//
// "managedBy" says who may edit it: "file", which usher apply takes it to be
// when nothing is said, or "chat". What a file manages cannot be edited in chat.
//
// "cards" says where the cards of approvers go besides a direct message to
// each; with "only" instead of it. A channel is "<chat>/<channel>", in the
// chat's own names (the id of a channel in Slack). Of package, catalog and
// settings the first that names a channel counts, and no other. Who may decide
// does not depend on who reads the channel.
//
// "ends" is one of
//
//	never
//	after 30 days     counted from delivery
//	2026-12-31        that day, to its end (23:59)
//	2026-12-31 18:00  that moment
//	+30 days          the end of the 30th day after the day on which the file is read
//
// The last form is for samples. Reading the file a day later gives a later
// date, so whoever reads such a file more than once keeps the packages that
// are there already.
package config
