namespace Picket.Spec.PersistenceSql;

/// <summary>Tests with a folder of their own for a database.</summary>
public abstract class StoreFolderSpec : IDisposable
{
    private protected StoreFolder Home { get; } = new();

    public void Dispose()
    {
        Home.Dispose();
        GC.SuppressFinalize(this);
    }
}
