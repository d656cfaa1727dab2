using System.Text.Json;

namespace Picket.Node.Bench.Sensors;

/// <summary>What the generator says of one kind.</summary>
/// <param name="Kind">The kind's name.</param>
/// <param name="Rounds">Rounds that were done.</param>
/// <param name="Failed">Operations that failed.</param>
/// <param name="Seconds">From the common start to the end of the last worker.</param>
internal sealed record LoadResult(string Kind, long Rounds, long Failed, double Seconds)
{
    /// <summary>Reads what the generator printed.</summary>
    public static IReadOnlyList<LoadResult> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document.RootElement.GetProperty("kinds").EnumerateArray().Select(kind => new LoadResult(
                kind.GetProperty("kind").GetString()!, kind.GetProperty("rounds").GetInt64(), kind.GetProperty("failed").GetInt64(),
                kind.GetProperty("seconds").GetDouble())),
        ];
    }
}
