using Picket.Hocon;
using Picket.Node.Options;

namespace Picket.Spec.Options;

public sealed class NodeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("picket-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void The_reference_alone_is_valid()
    {
        var options = NodeOptionsReader.Read(NodeConfig.Load(null, []).Config);
        Assert.True(options.Shards >= 1);
        Assert.True(options.Guard);
        Assert.False(NodeOptionsReader.Read(NodeConfig.Load(null, ["node.guard=false"]).Config).Guard);
        Assert.Equal("/sys/fs/bpf/picket", options.Ebpf!.PinPath);
        Assert.Equal(TimeSpan.FromSeconds(10), options.LedgerInterval);
        Assert.True(System.Numerics.BitOperations.IsPow2(options.Ebpf.RingSize));
    }

    [Fact]
    public void The_file_as_shipped_is_the_reference()
    {
        var shipped = NodeConfig.Load(Path.Combine(Corpora.Root, "config", "picket.conf"), []);
        Assert.Equal(ConfigRenderer.ToJson(NodeConfig.Reference, true), ConfigRenderer.ToJson(shipped.Config, true));
        Assert.Equal([Path.Combine(Corpora.Root, "config", "rules", "sigma")], NodeOptionsReader.Read(shipped.Config).SigmaRules);
    }

    [Fact]
    public void Log_files_are_added_to_those_of_the_reference()
    {
        var reference = NodeOptionsReader.Read(NodeConfig.Load(null, []).Config).Logs!;
        var options = NodeOptionsReader.Read(Load("picket.sensors.logs.files = ${picket.sensors.logs.files} [{ path = app.log, service = app }]").Config).Logs!;
        Assert.Equal([.. reference.Files.Select(file => file.Path), Path.Combine(_folder, "app.log")], options.Files.Select(file => file.Path));
        Assert.Contains("/var/log/audit/audit.log", reference.Files.Select(file => file.Path));
        Assert.Null(NodeOptionsReader.Read(Load("picket.sensors.logs.enabled = false").Config).Logs);
        Assert.Equal("/usr/bin/journalctl", NodeOptionsReader.Read(Load("picket.sensors.logs.journal = on").Config).Logs!.Journal!.Command);
        Assert.Null(NodeOptionsReader.Read(Load("picket.sensors.logs.journal = off").Config).Logs!.Journal);
    }

    [Fact]
    public void Pipelines_are_names_of_bundled_ones_and_files_beside_the_configuration()
    {
        Assert.Empty(NodeOptionsReader.Read(NodeConfig.Load(null, []).Config).SigmaLoading.Pipelines);
        var options = NodeOptionsReader.Read(Load("picket.detection.sigma.pipelines = [ecs, mine.yml, /etc/x.yml]").Config);
        Assert.Equal(["ecs", Path.Combine(_folder, "mine.yml"), "/etc/x.yml"], options.SigmaLoading.Pipelines);
    }

    [Theory]
    [InlineData("picket {\n  alerts {\n    file { pth = /tmp/x }\n  }\n}", 3, 12, "picket.alerts.file.path")]
    [InlineData("picket.sensors.ebpf.ring-sice = 4MiB", 1, 1, "picket.sensors.ebpf.ring-size")]
    [InlineData("picket.store.sqlite.durable = full", 1, 1, "picket.store.sqlite.durability")]
    [InlineData("picket.context.ancestry.max-proceses = 1", 1, 1, "picket.context.ancestry.max-processes")]
    public void An_unknown_key_names_its_place_and_the_nearest(string text, int line, int column, string nearest)
    {
        var error = Assert.Throws<ConfigException>(() => Load(text));
        Assert.Equal((line, column), (error.Origin.Line, error.Origin.Column));
        Assert.Contains(nearest, error.Message);
        Assert.Contains($"user.conf:{line}:{column}", error.Message);
    }

    [Theory]
    [InlineData("picket.self.ledger-interval = soon", "ledger-interval")]
    [InlineData("picket.self.ledger-interval = 10 parsecs", "ledger-interval")]
    [InlineData("picket.detection.shards = many", "shards")]
    [InlineData("picket.detection.shards = 65", "between 0 and 64")]
    [InlineData("picket.alerts.file.rotate-size = 10 XB", "rotate-size")]
    [InlineData("picket.alerts.file.enabled = perhaps", "enabled")]
    [InlineData("picket.sensors.ebpf.ring-size = 5MiB", "power of two")]
    [InlineData("picket.sensors.ebpf.on-stop = later", "one of auto, keep, remove")]
    [InlineData("picket.alerts.outbox = 3", "outbox")]
    [InlineData("picket.store.kind = oracle", "one of sqlite, postgresql, none")]
    [InlineData("picket.store.sqlite.durability = some", "one of normal, full")]
    [InlineData("picket.store.sqlite.max-size = 1KiB", "max-size")]
    [InlineData("picket.store { kind = postgresql, postgresql.connection = \"Host=\" }", "picket.store.postgresql.connection")]
    [InlineData("picket.store { kind = postgresql, postgresql { connection = \"Host=a\", schema = pg_x } }", "picket.store.postgresql.schema")]
    [InlineData("picket.context.ancestry.interval = 900ms", "between 1s and")]
    [InlineData("picket.detection.sigma.rules = { a = 1 }", "rules")]
    [InlineData("picket.sensors.logs.files = 3", "must be a list of objects")]
    [InlineData("picket.sensors.logs.files = [3]", "must have objects")]
    [InlineData("picket.sensors.logs.files = [{ path = /x }]", "service is missing")]
    [InlineData("picket.sensors.logs.files = [{ path = /x, service = \"\" }]", "service must not be empty")]
    [InlineData("picket.sensors.logs.files = [{ path = /x, service = auth, sevice = auth }]", "'sevice' is not one of path, service")]
    [InlineData("picket.sensors.logs.max-line = 10", "max-line")]
    [InlineData("picket.sensors.logs.journal = perhaps", "one of auto, on, off")]
    [InlineData("picket.sensors.logs.first-read = middle", "one of end, beginning")]
    public void A_wrong_type_unit_or_range_names_its_place(string text, string what)
    {
        var error = Assert.Throws<ConfigException>(() => NodeOptionsReader.Read(Load(text).Config));
        Assert.Contains(what, error.Message);
        Assert.Contains("user.conf:1:", error.Message);
    }

    [Fact]
    public void Later_layers_win_and_relative_paths_belong_to_their_file()
    {
        var file = Write("picket { detection.shards = 3, detection.sigma.rules = [mine], alerts.file.path = a.ndjson }");
        var options = NodeOptionsReader.Read(NodeConfig.Load(file, ["detection.shards=4", "picket.node.name=box"]).Config);
        Assert.Equal(4, options.Shards);
        Assert.Equal("box", options.Name);
        Assert.Equal([Path.Combine(_folder, "mine")], options.SigmaRules);
        Assert.Equal(Path.Combine(_folder, "a.ndjson"), options.Alerting.File);
    }

    [Fact]
    public void The_store_is_a_file_in_the_data_folder_unless_it_is_said_to_be_elsewhere_or_a_server()
    {
        Assert.Equal("/data/store.db", Store("node.data-dir=/data").Sqlite!.Path);
        Assert.Equal("/other/file.db", Store("store.sqlite.path=/other/file.db").Sqlite!.Path);
        Assert.Equal("Host=db;Password=secret", Store("store.kind=postgresql", "store.postgresql.connection=Host=db;Password=secret").Postgres!.ConnectionString);
        Assert.Equal(StoreOptions.None, Store("store.kind=none"));
        var text = "picket.store { kind = postgresql, postgresql.connection = \"Password=secret\" }";
        Assert.DoesNotContain("secret", Assert.Throws<ConfigException>(() => NodeOptionsReader.Read(Load(text).Config)).Message);

        static StoreOptions Store(params string[] overrides) => NodeOptionsReader.Read(NodeConfig.Load(null, overrides).Config).Store;
    }

    [Fact]
    public void An_override_without_a_value_is_an_error() => Assert.Throws<ConfigException>(() => NodeConfig.Load(null, ["nonsense"]));

    private NodeConfig Load(string text) => NodeConfig.Load(Write(text), []);

    private string Write(string text)
    {
        var file = Path.Combine(_folder, "user.conf");
        File.WriteAllText(file, text);
        return file;
    }
}
