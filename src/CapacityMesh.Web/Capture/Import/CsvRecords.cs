using System.Text;

namespace CapacityMesh.Web.Capture.Import;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Text">As it stands there, without the line's end.</param>
public readonly record struct CsvRecord(int Line, string Text);

/// <summary>
/// Reads CSV as RFC 4180 says and as files are: fields in quotes may hold separators and line ends, a quote within them is doubled; the separator is
/// what the first line holds most of: comma, semicolon or tab; blank lines are nothing.
/// </summary>
public static class CsvRecords
{
    /// <summary>Characters of one record: a lead's message and attributes at their limits.</summary>
    public const int RecordLengthMax = 64 * 1024;

    /// <summary>The records of a file, the heading first.</summary>
    /// <exception cref="FormatException">A record is too long: most often a quote that is never closed.</exception>
    public static IEnumerable<CsvRecord> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var text = new StringBuilder();
        var (line, first, isQuoted) = (0, 1, false);
        while (reader.ReadLine() is { } part)
        {
            line++;
            if (text.Length == 0) first = line;
            else text.Append('\n');
            text.Append(line == 1 ? part.TrimStart('﻿') : part);
            foreach (var letter in part) isQuoted ^= letter == '"';
            if (text.Length > RecordLengthMax) throw new FormatException($"The record on line {first} is longer than 65,536 characters; is a quote left open?");
            if (isQuoted) continue;
            if (text.ToString().AsSpan().Trim().Length > 0) yield return new CsvRecord(first, text.ToString());
            text.Clear();
        }
        if (isQuoted) throw new FormatException($"The record on line {first} has a quote that is never closed.");
    }

    /// <summary>What separates the fields of a file with this heading.</summary>
    public static char SeparatorOf(string heading)
    {
        ArgumentNullException.ThrowIfNull(heading);
        return ((ReadOnlySpan<char>)[',', ';', '\t']).ToArray().MaxBy(s => heading.Count(c => c == s));
    }

    /// <summary>The fields of a record, trimmed.</summary>
    public static IReadOnlyList<string> FieldsOf(string record, char separator)
    {
        ArgumentNullException.ThrowIfNull(record);
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < record.Length; i++)
        {
            var letter = record[i];
            if (letter == '"' && isQuoted && i + 1 < record.Length && record[i + 1] == '"') field.Append(record[++i]);
            else if (letter == '"') isQuoted = !isQuoted;
            else if (letter == separator && !isQuoted) Take();
            else field.Append(letter);
        }
        Take();
        return fields;

        void Take()
        {
            fields.Add(field.ToString().Trim());
            field.Clear();
        }
    }
}
