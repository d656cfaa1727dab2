namespace Picket.Detection.Sigma.Diagnostics;

/// <summary>Collects what is found in one file, at its places.</summary>
internal sealed class IssueList(string file)
{
    public string File { get; } = file;

    public List<SigmaError> Errors { get; } = [];

    public List<SigmaWarning> Warnings { get; } = [];

    public void Error(Place at, string code, string message) => Errors.Add(new SigmaError(File, at.Line, at.Column, code, message));

    public void Warn(Place at, string code, string message) => Warnings.Add(new SigmaWarning(File, at.Line, at.Column, code, message));
}
