package discordfake

import "slices"

// checkModal looks at the data of a modal response (Interactions: Receiving and
// Responding, "Modal"; Component Reference).
func checkModal(data object) []problem {
	c := newChecker()
	shape{must: []string{"custom_id", "title", "components"}, fields: map[string]check{
		"custom_id": words(1, 100), "title": words(1, 45),
		"components": list(1, 5, func(c *checker, v any, path string) { modalPart(c, v, path, label, textDisplay, actionRow) }),
	}}.check(c, data, "data")
	return c.problems
}

// modalPart looks at a component of a modal, which must be of these types.
func modalPart(c *checker, v any, path string, may ...int) {
	kind := kindOf(v)
	if !slices.Contains(may, kind) {
		c.wrong(path+"/type", "UNION_TYPE_CHOICES", "Value of field %q must be one of %v.", "type", may)
		return
	}
	c.identify(nested(v), path)
	modalShape(kind).check(c, v, path)
}

func modalShape(kind int) shape {
	switch kind {
	case label:
		return shape{must: []string{"label", "component"}, fields: map[string]check{
			"id": ignored, "label": words(1, 45), "description": atMost(100),
			"component": func(c *checker, v any, path string) {
				if kindOf(v) == textInput && nested(v)["label"] != nil {
					c.wrong(path+"/label", "TEXT_INPUT_LABEL_IN_LABEL", "A text input in a label cannot have a label of its own")
				}
				modalPart(c, v, path, textInput, stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect, fileUpload, radioGroup,
					checkboxGroup, checkbox)
			},
		}}
	case actionRow: // deprecated, with a single text input
		return shape{must: []string{"components"}, fields: map[string]check{
			"id": ignored,
			"components": list(1, 1, func(c *checker, v any, path string) {
				if nested(v)["label"] == nil {
					c.required(path + "/label")
				}
				modalPart(c, v, path, textInput)
			}),
		}}
	case textDisplay:
		return shapeOf(textDisplay)
	case textInput:
		return textInputShape()
	case radioGroup, checkboxGroup, checkbox, fileUpload:
		return choiceShape(kind)
	}
	return selectShape(kind, true)
}

func textInputShape() shape {
	return shape{must: []string{"custom_id", "style"}, fields: map[string]check{
		"id": ignored, "custom_id": customID, "style": oneOf(1, 2), "min_length": number(0, 4000), "max_length": number(1, 4000),
		"required": truth, "value": atMost(4000), "placeholder": atMost(100), "label": words(1, 45),
	}, also: func(c *checker, o object, path string) {
		least, most := intOf(o["min_length"], 0), intOf(o["max_length"], 4000)
		if least > most {
			c.wrong(path+"/min_length", "TEXT_INPUT_MIN_LENGTH_INVALID", "min_length must be less than or equal to max_length")
		}
		if n := length(text(o["value"])); n > most || n > 0 && n < least {
			c.wrong(path+"/value", "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
		}
	}}
}

func choiceShape(kind int) shape {
	fields := map[string]check{"id": ignored, "custom_id": customID, "required": truth}
	s := shape{must: []string{"custom_id"}, fields: fields}
	switch kind {
	case checkbox:
		delete(fields, "required")
		fields["default"] = truth
	case radioGroup:
		s.must = append(s.must, "options")
		fields["options"] = list(2, 10, option(false))
		s.also = func(c *checker, o object, path string) {
			uniqueOptions(c, items(o["options"]), path+"/options")
			if n := defaults(items(o["options"])); n > 1 {
				c.wrong(path+"/options", "RADIO_GROUP_TOO_MANY_DEFAULTS", "A radio group has %d default options, maximum is 1", n)
			}
		}
	case checkboxGroup:
		s.must = append(s.must, "options")
		fields["options"] = list(1, 10, option(false))
		fields["min_values"], fields["max_values"] = number(0, 10), number(1, 10)
		s.also = checkboxCounts
	case fileUpload:
		fields["min_values"], fields["max_values"] = number(0, 10), number(1, 10)
		fields["file_types"] = list(0, 10, words(1, 100))
		s.also = needsOne
	}
	return s
}

func checkboxCounts(c *checker, o object, path string) {
	options := items(o["options"])
	least, most := intOf(o["min_values"], 1), intOf(o["max_values"], len(options))
	if least > most || most > len(options) {
		c.wrong(path+"/max_values", "CHECKBOX_GROUP_COUNTS_INVALID", "min_values, max_values and the number of options must be in this order")
	}
	uniqueOptions(c, options, path+"/options")
	if n := defaults(options); n > most {
		c.wrong(path+"/options", "CHECKBOX_GROUP_TOO_MANY_DEFAULTS", "%d default options, maximum is %d", n, most)
	}
	needsOne(c, o, path)
}
