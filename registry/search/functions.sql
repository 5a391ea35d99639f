-- How names are folded for search and cut into pieces. What is stored and what is asked pass through the same
-- functions, so that they can never disagree. TRADITIONAL and SIMPLIFIED stand for two strings of equal length.

-- Character by character, never by phrase: a piece of a name must fold to a piece of the folded name.
-- translate() is slow with thousands of characters, and few names need it.
CREATE OR REPLACE FUNCTION registry_simplified(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF written ~ '[TRADITIONAL]' THEN
        RETURN translate(written, 'TRADITIONAL', 'SIMPLIFIED');
    END IF;
    RETURN written;
END $$;

-- Without blanks and accents, in lower case, in simplified characters, with one form of each bracket and mark.
-- Most names hold common characters and brackets only and take the short way.
CREATE OR REPLACE FUNCTION registry_fold(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF written !~ '[^\u4e00-\u9fff（）]' THEN
        RETURN translate(public.registry_simplified(written), '（）', '()');
    END IF;
    RETURN translate(
        lower(regexp_replace(
            public.registry_simplified(normalize(written, NFKD)), '[\s\u0300-\u036f]+', '', 'g')),
        '[]{}〔〕【】〖〗•‧・“”‘’–—', '()()()()()···""''''--');
END $$;

-- The Latin letters and digits of a text, in lower case, with its blanks.
CREATE OR REPLACE FUNCTION registry_latin(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written ~ '[^a-z0-9 ]'
        THEN regexp_replace(lower(normalize(written, NFKD) COLLATE "C"), '[^a-z0-9 ]+', '', 'g') ELSE written END
$$;

-- A line of text that holds an entry's name as it is written: its folded form and, where it is not Latin, that of
-- its English name.
CREATE OR REPLACE FUNCTION registry_written(name_zh text, name_en text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.registry_fold(name_zh)
           || CASE WHEN name_en ~ '[^ -~]' THEN E'\n' || public.registry_fold(name_en) ELSE '' END
$$;

-- Words that spell a name in Latin letters, each after a blank: English, the pinyin by syllable and in one word, the
-- initials.
CREATE OR REPLACE FUNCTION registry_spelled(name_en text, pinyin text, initials text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ' ' || public.registry_latin(name_en)
           || ' ' || public.registry_latin(pinyin)
           || ' ' || public.registry_latin(replace(pinyin, ' ', ''))
           || ' ' || public.registry_latin(initials)
$$;

-- What an index of written lines holds: each character and each two neighbours (a line's ends count as characters),
-- as numbers, which compare faster than texts: the code point of the first times 2^21, plus that of the second.
CREATE OR REPLACE FUNCTION registry_pieces(written text) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    pieces bigint[] := '{}'; letter text; point bigint; previous bigint;
BEGIN
    FOREACH letter IN ARRAY string_to_array(written, NULL) LOOP
        point := ascii(letter);
        pieces := pieces || (point << 21);
        IF previous IS NOT NULL THEN
            pieces := pieces || (previous << 21 | point);
        END IF;
        previous := point;
    END LOOP;
    RETURN pieces;
END $$;

-- How well a name fits a search: 0 it is what is sought, 1 it begins so, 2 it holds every word, 3 a word of its
-- spelling begins so, 4 its spelling holds every word, 5 not at all. The words come folded, and as `latin` their letters
-- (empty where a word has others than Latin ones), as do all of them as one.
CREATE OR REPLACE FUNCTION registry_rank(
    name_zh text, name_en text, pinyin text, initials text,
    sought text, sought_latin text, words text[], latin text[]
) RETURNS integer LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    folded text; spelled text; is_written boolean := true; is_spelled boolean := true;
BEGIN
    IF name_zh IS NULL THEN
        RETURN 5;
    END IF;
    folded := public.registry_fold(name_zh);
    IF starts_with(folded, sought) THEN
        RETURN CASE WHEN folded = sought THEN 0 ELSE 1 END;
    END IF;
    FOR place IN 1 .. cardinality(words) LOOP
        CONTINUE WHEN strpos(folded, words[place]) > 0;
        IF latin[place] = '' THEN
            RETURN 5;
        END IF;
        is_written := false;
        spelled := COALESCE(spelled, public.registry_spelled(name_en, pinyin, initials));
        is_spelled := is_spelled AND strpos(spelled, latin[place]) > 0;
    END LOOP;
    RETURN CASE
        WHEN is_written THEN 2
        WHEN sought_latin <> '' AND strpos(spelled, ' ' || sought_latin) > 0 THEN 3
        WHEN is_spelled THEN 4
        ELSE 5 END;
END $$;
