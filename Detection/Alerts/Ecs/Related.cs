namespace Picket.Detection.Alerts.Ecs;

/// <summary>Collects what ECS repeats under <c>related.*</c>, so that one search finds it wherever it stands.</summary>
internal sealed class Related
{
    private readonly List<string> _users = [];
    private readonly List<string> _hosts = [];
    private readonly List<string> _addresses = [];

    /// <summary>File hashes in lower case.</summary>
    internal List<string> Hashes { get; } = [];

    internal void User(ReadOnlySpan<byte> name)
    {
        var slash = name.IndexOf((byte)'\\');
        Add(_users, System.Text.Encoding.UTF8.GetString(name[(slash + 1)..]));
    }

    internal void Host(string name) => Add(_hosts, name);

    internal void Address(string address) => Add(_addresses, address);

    internal void Write(EcsWriter writer)
    {
        writer.Begin("related");
        writer.Texts("user", _users);
        writer.Texts("hosts", _hosts);
        writer.Texts("ip", _addresses);
        writer.Texts("hash", Hashes);
        writer.End();
    }

    private static void Add(List<string> list, string text)
    {
        if (text.Length > 0 && !list.Contains(text)) list.Add(text);
    }
}
