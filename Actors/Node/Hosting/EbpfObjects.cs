namespace Picket.Node.Hosting;

/// <summary>Where the compiled kernel programs lie: beside the program, or in the build folder of a checkout.</summary>
internal static class EbpfObjects
{
    /// <summary>The folder; the one beside the program when there is none.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "bpf");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null && !Directory.Exists(beside); at = at.Parent)
        {
            var built = Path.Combine(at.FullName, ".build", "bpf");
            if (Directory.Exists(built)) return built;
        }

        return beside;
    }
}
