"use strict";
// The calendar of the admin writes days as the register shows them, whatever the language.
django.formats.DATE_INPUT_FORMATS = ["%Y-%m-%d"];
