namespace Picket.Spec.PersistenceSql;

/// <summary>A store that is opened again and again over what it holds, one at a time.</summary>
internal sealed class Reopened<TStore>(Func<Task<TStore>> open) : IAsyncDisposable
    where TStore : class, IAsyncDisposable
{
    private TStore? _store;

    public async Task<TStore> OpenAsync()
    {
        await DisposeAsync();
        return _store = await open();
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;
}
