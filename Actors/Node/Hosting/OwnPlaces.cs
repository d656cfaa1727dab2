using Picket.Node.Options;
using Picket.Sensors.OwnFiles;

namespace Picket.Node.Hosting;

/// <summary>Where the node's own files lie.</summary>
internal static class OwnPlaces
{
    /// <summary>The places, those of single files first: what lies in two belongs to the more particular one.</summary>
    /// <param name="options">The options.</param>
    /// <param name="objects">Folder of the compiled kernel programs.</param>
    public static IReadOnlyList<WatchedPlace> Of(NodeOptions options, string objects)
    {
        var places = new List<WatchedPlace>();
        foreach (var file in options.ConfigFiles) AddFile(file, FileArea.Configuration);
        if (options.Alerting.File is { } alerts) AddFile(alerts, FileArea.Alerts);
        if (options.Store.Sqlite is { } store) AddFile(store.Path, FileArea.Data);
        var loading = options.SigmaLoading;
        foreach (var rules in (IEnumerable<string>)[.. options.SigmaRules, .. loading.Pipelines, .. loading.Exclusions])
        {
            if (File.Exists(rules)) AddFile(rules, FileArea.Rules);
        }

        places.Add(new WatchedPlace(options.DataDirectory, FileArea.Data));
        if (options.Ebpf is { } ebpf) places.Add(new WatchedPlace(ebpf.PinPath, FileArea.Pins));
        places.AddRange(options.SigmaRules.Where(Directory.Exists).Select(rules => new WatchedPlace(rules, FileArea.Rules)));
        if (Environment.ProcessPath is { } program) AddFile(program, FileArea.Program);
        places.Add(new WatchedPlace(AppContext.BaseDirectory, FileArea.Program));
        if (options.Ebpf is not null) places.Add(new WatchedPlace(objects, FileArea.Program));
        return places;

        void AddFile(string path, FileArea area)
        {
            places.Add(new WatchedPlace(Path.GetDirectoryName(path)!, area, Path.GetFileName(path)));
            if (!File.Exists(path) || File.ResolveLinkTarget(path, true)?.FullName is not { } real) return;
            places.Add(new WatchedPlace(Path.GetDirectoryName(real)!, area, Path.GetFileName(real)));
        }
    }
}
