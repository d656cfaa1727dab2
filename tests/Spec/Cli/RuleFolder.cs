namespace Picket.Spec.Cli;

/// <summary>A folder of files of rules, as long as a test runs.</summary>
internal sealed class RuleFolder : IDisposable
{
    public string Path { get; } = TestFolder.Make("rules");

    /// <summary>Writes a file, which may lie in a folder below; its path.</summary>
    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
