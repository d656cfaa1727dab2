namespace Picket.Spec.Alerts;

/// <summary>A private folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("picket-alerts-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
