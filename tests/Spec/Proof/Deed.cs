using System.Text.Json;

namespace Picket.Spec.Proof;

/// <summary>What was done for one rule, and how its alert is known.</summary>
/// <param name="Words">What it was, for people.</param>
/// <param name="Answers">Whether an alert of the rule comes from it.</param>
internal sealed record Deed(string Words, Func<JsonElement, bool> Answers);
