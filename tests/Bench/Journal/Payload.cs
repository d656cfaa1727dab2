namespace Picket.Bench.Journal;

/// <summary>What is stored.</summary>
internal static class Payload
{
    public const string Writer = "b2f1f6a0b6c84b0ea1a3f1cf9a9a7f11";

    public const long Written = 638_000_000_000_000_000;

    public static byte[] Bytes { get; } = Make();

    public static string[] Names { get; } = [.. Enumerable.Range(0, WriteShape.MostHistories).Select(id => $"history-{id}")];

    private static byte[] Make()
    {
        var bytes = new byte[200];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
