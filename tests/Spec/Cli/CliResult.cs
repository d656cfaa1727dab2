namespace Picket.Spec.Cli;

/// <summary>What a run of the program left.</summary>
internal sealed record CliResult(int Pid, int Code, string Out, string Error)
{
    /// <summary>Asserts a usage error: status 2, nothing on standard output, and lines that say what is wrong, no stack trace.</summary>
    public void IsRefused(int code, params IEnumerable<string> says)
    {
        Assert.True(Code == code, $"status {Code} instead of {code}\n{Out}\n{Error}");
        Assert.Equal("", Out);
        Assert.All(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("picket: ", line));
        Assert.All(says, text => Assert.Contains(text, Error));
    }

    /// <summary>Asserts status 0 and an empty standard error.</summary>
    public void IsDone()
    {
        Assert.True(Code == 0, $"status {Code}\n{Out}\n{Error}");
        Assert.Equal("", Error);
    }
}
