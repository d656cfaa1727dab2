using System.Globalization;
using System.Text.Json;

namespace Picket.Node.RuleTests;

/// <summary>Writes what rules say of the events of a file, for people and for machines.</summary>
internal static class QuestionReport
{
    /// <summary>Each answer with what made it, then each correlation with its firings, and a line of counts.</summary>
    public static void WriteText(RuleQuestion question, TextWriter writer)
    {
        foreach (var answer in question.Answers)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{answer.File}:{answer.Record}: {(answer.Trial.Matches ? "matches" : "does not match")}: {answer.Rule}"));
            foreach (var line in TrialText.Of(answer.Trial)) writer.WriteLine($"    {line}");
        }

        foreach (var trial in question.Correlations)
        {
            writer.WriteLine(trial.Firings.Count == 0 ? $"does not fire: {trial.Rule}" : $"fires: {trial.Rule}");
            foreach (var line in CorrelationText.Of(trial)) writer.WriteLine($"    {line}");
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{question.Events} events, {question.Matches} matches")
            + (question.Correlations.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {question.Firings} firings")));
    }

    /// <summary>One object.</summary>
    public static void WriteJson(RuleQuestion question, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("events", question.Events);
        writer.WriteNumber("matches", question.Matches);
        writer.WriteNumber("firings", question.Firings);
        writer.WriteStartArray("answers");
        foreach (var answer in question.Answers)
        {
            writer.WriteStartObject();
            writer.WriteString("file", answer.File);
            writer.WriteNumber("record", answer.Record);
            writer.WriteString("rule", answer.Rule.Id);
            writer.WriteString("title", answer.Rule.Title);
            writer.WritePropertyName("answer");
            TrialJson.Write(answer.Trial, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("correlations");
        foreach (var trial in question.Correlations) CorrelationJson.Write(trial, writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
