namespace Picket.Persister;

internal static class NumberingActor
{
    public static string NameOf(int id) => $"numbers-{id}";
}
