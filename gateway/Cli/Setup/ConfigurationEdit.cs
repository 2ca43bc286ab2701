using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Operator;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Management;
using Microsoft.Extensions.Configuration;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Setup;

/// <summary>
/// One change of the verbs' own file: validated with the whole configuration before anything is written, then applied by the running
/// gateway, if one runs. Other verbs wait meanwhile.
/// </summary>
internal sealed class ConfigurationEdit : IDisposable
{
    private readonly ApiCall _call;
    private readonly OperatorFile _file;
    private readonly string[] _args;
    private readonly string? _before;

    private ConfigurationEdit(ApiCall call, OperatorFile file, string[] args, string? nobody)
    {
        (_call, _file, _args, Nobody) = (call, file, args, nobody);
        _before = file.Read();
        Configuration = new ConfigurationBuilder().AddGatewayConfiguration(args).Build();
        Settings = OperatorSettings.Parse(_before);
    }

    /// <summary>The absolute path of the file.</summary>
    public string Path => _file.Path;

    /// <summary>The whole configuration as it is.</summary>
    public IConfigurationRoot Configuration { get; }

    /// <summary>The settings of the file, to be changed.</summary>
    public OperatorSettings Settings { get; }

    /// <summary>The address at which no gateway answers; null if one does.</summary>
    public string? Nobody { get; }

    /// <summary>Adds the options and the action to a verb that changes the configuration.</summary>
    public static Command On(
        Command command, Terminal terminal, Func<ApiCall, ConfigurationEdit, CancellationToken, Task<ExitCode>> act)
    {
        var config = new ConfigOption();
        return command.OnApi(terminal, config, async (call, cancellationToken) =>
        {
            using var edit = await OpenAsync(call, config, cancellationToken);
            return await act(call, edit, cancellationToken);
        });
    }

    /// <summary>Begins a change of the configuration of a verb that has more to do than that.</summary>
    public static async Task<ConfigurationEdit> OpenAsync(ApiCall call, ConfigOption config, CancellationToken cancellationToken)
    {
        OperatorFile? file = null;
        try
        {
            var args = config.Arguments(call.Parsed);
            var files = new ConfigurationFiles(args);
            file = await OperatorFile.OpenAsync(files.MainFile, call.Terminal.Time, cancellationToken);
            var edit = new ConfigurationEdit(call, file, args, await NobodyAsync(call, files, cancellationToken))
            { MainFile = files.MainFile };
            file = null;
            return edit;
        }
        catch (InvalidDataException unreadable)
        {
            throw new CommandLineException(
                ExitCode.Usage, $"The configuration cannot be read. {GatewayConfiguration.Reason(unreadable)} Nothing was changed.");
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>The absolute path of the main file, beside whose folder the file is.</summary>
    public required string MainFile { get; init; }

    /// <summary>The sources that set a key, or keys below it, by name; the last counts.</summary>
    public IReadOnlyList<string> SourcesOf(string key) =>
    [
        .. Configuration.GetSection(key).AsEnumerable().Where(pair => pair.Value is not null)
            .Select(pair => EffectiveConfiguration.SourceOf(Configuration, pair.Key)).OfType<string>().Distinct(),
    ];

    /// <summary>Writes the changed settings, lets the gateway apply them, and tells the outcome.</summary>
    /// <param name="what">The act, for the audit trail.</param>
    /// <param name="done">What is written, a sentence a line.</param>
    /// <exception cref="CommandLineException">The configuration would have a fault; it is as it was.</exception>
    public async Task ApplyAsync(string what, string why, string done, CancellationToken cancellationToken) =>
        await TellAsync(await PutInForceAsync(what, why, cancellationToken), done);

    /// <summary>Tells what has come of a change.</summary>
    /// <param name="done">A sentence a line.</param>
    public Task TellAsync(EditOutcome outcome, string done) =>
        _call.Output.WriteAsync(outcome, edit => Sentences(edit, done), CancellationToken.None);

    /// <summary>Writes the changed settings, and lets the gateway apply them.</summary>
    /// <inheritdoc cref="ApplyAsync"/>
    public async Task<EditOutcome> PutInForceAsync(string what, string why, CancellationToken cancellationToken)
    {
        var text = Settings.ToString();
        Check(new ConfigurationBuilder().AddGatewayConfiguration(_args, new PlannedFile(Path, text)).Build());
        _file.Write(text);
        var outcome = Nobody is null ? await ReloadAsync(why.Length > 0 ? $"{what} ({why})" : what, cancellationToken) : null;
        return new EditOutcome(Path, outcome is not null, outcome);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The address at which no gateway answers; null if one answers that reads these files.</summary>
    private static async Task<string?> NobodyAsync(ApiCall call, ConfigurationFiles files, CancellationToken cancellationToken)
    {
        try
        {
            var read = await call.Client.CompareConfigurationAsync(cancellationToken);
            if (read.Mark == files.Mark()) return null;
            throw new CommandLineException(ExitCode.Refused, "The running gateway reads other files than this command: its further files "
                + $"are in {read.Folder}, and this would write to {ConfigurationFolder.Beside(files.MainFile)}. Give --config FILE as the "
                + "gateway is run with, and run this on its host. Nothing was done.");
        }
        catch (ApiException nobody) when (nobody.NobodyAt is not null)
        {
            return nobody.NobodyAt;
        }
    }

    private void Check(IConfigurationRoot planned)
    {
        var faults = ConfigurationReport.Of(planned, _call.Terminal.Time).Faults;
        if (faults.Count > 0) throw Refused(faults.Select(fault => fault.Source is null || fault.Source == Path ? fault.Text
            : $"{fault.Text} (Set in {fault.Source}.)"));
    }

    private async Task<ReloadOutcome> ReloadAsync(string why, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await _call.Client.ReloadAsync(why, cancellationToken);
            if (outcome.Faults.Count == 0) return outcome;
            // Values of its environment or command line, which are not known here.
            _file.Write(_before);
            throw Refused(outcome.Faults);
        }
        catch (ApiException failure)
        {
            throw new CommandLineException(failure.ExitCode, $"{failure.Message} {Path} is written; a gateway that runs looks at it every "
                + "second, and 'gateway config diff' shows what it has not applied.");
        }
    }

    private static CommandLineException Refused(IEnumerable<string> faults) => new(ExitCode.Usage,
        string.Join('\n', faults.Append("The configuration would be wrong. Nothing was changed.")));

    private IEnumerable<IRenderable> Sentences(EditOutcome edit, string done)
    {
        foreach (var line in done.Split('\n')) yield return Listing.Line(line);
        if (edit.Outcome is { } outcome) foreach (var line in ReloadVerb.Sentences(outcome)) yield return line;
        else yield return Listing.Line($"No gateway answers at {Nobody}; it takes effect at the next start.");
    }
}

/// <summary>What has come of a change to the configuration.</summary>
/// <param name="File">The absolute path of the file that was written.</param>
/// <param name="IsRunning">A gateway runs, and has read it.</param>
/// <param name="Outcome">Null if none runs.</param>
internal sealed record EditOutcome(string File, bool IsRunning, ReloadOutcome? Outcome);
