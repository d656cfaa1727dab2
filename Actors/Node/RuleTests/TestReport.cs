using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace Picket.Node.RuleTests;

/// <summary>Writes what became of tests, for people and for machines.</summary>
internal static class TestReport
{
    /// <summary>Each case that failed, with why, and a line of counts.</summary>
    public static void WriteText(RuleTestSuite suite, TextWriter writer)
    {
        foreach (var file in suite.Files)
        {
            foreach (var result in file.Results.Where(result => !result.Passed))
            {
                writer.WriteLine($"{Place(result.Case)}: failed: {result.Case.Name}: {result.Problem}");
                foreach (var line in Details(result)) writer.WriteLine($"    {line}");
            }
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{suite.Passed + suite.Failed} tests of {suite.Files.Count} files of rules: {suite.Passed} passed, {suite.Failed} failed, "
            + $"{suite.Errors.Count} errors; {suite.Untested} files of rules without tests"));
    }

    /// <summary>One object.</summary>
    public static void WriteJson(RuleTestSuite suite, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("passed", suite.Passed);
        writer.WriteNumber("failed", suite.Failed);
        writer.WriteNumber("errors", suite.Errors.Count);
        writer.WriteNumber("untested", suite.Untested);
        writer.WriteStartArray("tests");
        foreach (var file in suite.Files)
        {
            foreach (var result in file.Results)
            {
                writer.WriteStartObject();
                writer.WriteString("rules", file.RuleFile);
                writer.WriteString("file", result.Case.File);
                writer.WriteNumber("line", result.Case.At.Line);
                writer.WriteNumber("column", result.Case.At.Column);
                writer.WriteString("name", result.Case.Name);
                writer.WriteBoolean("passed", result.Passed);
                if (result.Problem is not null) writer.WriteString("problem", result.Problem);
                if (result.Trial is not null)
                {
                    writer.WriteString("rule", result.Rule!.Id);
                    writer.WritePropertyName("answer");
                    TrialJson.Write(result.Trial, writer);
                }

                if (result.Correlations.Count > 0)
                {
                    writer.WriteStartArray("correlations");
                    foreach (var trial in result.Correlations) CorrelationJson.Write(trial, writer);
                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteStartArray("problems");
        foreach (var error in suite.Errors)
        {
            writer.WriteStartObject();
            writer.WriteString("file", error.File);
            writer.WriteNumber("line", error.Line);
            writer.WriteNumber("column", error.Column);
            writer.WriteString("code", error.Code);
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The form that build servers read: a suite for each file of rules; what is wrong with files is a suite of its own.</summary>
    public static void WriteJUnit(RuleTestSuite suite, Stream stream)
    {
        using var writer = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) });
        writer.WriteStartElement("testsuites");
        foreach (var file in suite.Files)
        {
            writer.WriteStartElement("testsuite");
            Attribute(writer, "name", file.RuleFile);
            Counts(writer, file.Results.Count, file.Results.Count(result => !result.Passed), 0);
            Attribute(writer, "time", Seconds(file.Elapsed));
            foreach (var result in file.Results)
            {
                writer.WriteStartElement("testcase");
                Attribute(writer, "classname", file.RuleFile);
                Attribute(writer, "name", result.Case.Name);
                Attribute(writer, "time", Seconds(result.Elapsed));
                if (!result.Passed)
                {
                    writer.WriteStartElement("failure");
                    Attribute(writer, "message", $"{Place(result.Case)}: {result.Problem}");
                    writer.WriteString(Plain(string.Join('\n', Details(result))));
                    writer.WriteEndElement();
                }

                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        if (suite.Errors.Count > 0)
        {
            writer.WriteStartElement("testsuite");
            Attribute(writer, "name", "files");
            Counts(writer, suite.Errors.Count, 0, suite.Errors.Count);
            foreach (var error in suite.Errors)
            {
                writer.WriteStartElement("testcase");
                Attribute(writer, "classname", "files");
                Attribute(writer, "name", error.File);
                writer.WriteStartElement("error");
                Attribute(writer, "message", error.ToString());
                writer.WriteEndElement();
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static IEnumerable<string> Details(RuleTestResult result)
    {
        foreach (var correlation in result.Correlations)
        {
            yield return $"{correlation.Rule}:";
            foreach (var line in CorrelationText.Of(correlation)) yield return $"  {line}";
        }

        if (result.Trial is not { } trial) yield break;
        yield return $"{result.Rule}:";
        foreach (var line in TrialText.Of(trial)) yield return $"  {line}";
    }

    private static string Place(RuleTestCase test) =>
        string.Create(CultureInfo.InvariantCulture, $"{test.File}({test.At.Line},{test.At.Column})");

    private static void Counts(XmlWriter writer, int tests, int failures, int errors)
    {
        Attribute(writer, "tests", tests.ToString(CultureInfo.InvariantCulture));
        Attribute(writer, "failures", failures.ToString(CultureInfo.InvariantCulture));
        Attribute(writer, "errors", errors.ToString(CultureInfo.InvariantCulture));
    }

    private static void Attribute(XmlWriter writer, string name, string value) => writer.WriteAttributeString(name, Plain(value));

    /// <summary>XML has no way to write most control characters.</summary>
    private static string Plain(string text) =>
        string.Concat(text.Select(letter => letter == '\n' || XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
