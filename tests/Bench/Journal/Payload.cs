namespace Picket.Bench.Journal;

/// <summary>What is stored.</summary>
internal static class Payload
{
    /// <summary>Histories that the events belong to, in turns.</summary>
    public const int Ids = 16;

    public static byte[] Bytes { get; } = Make();

    private static byte[] Make()
    {
        var bytes = new byte[200];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
