using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>The options that filter messages of a running gateway.</summary>
/// <param name="ofDeadLetters">Adds the options specific to dead letters.</param>
internal sealed class FilterOptions(bool ofDeadLetters = false)
{
    private readonly BrowseOptions _common = new();
    private readonly Option<DateTimeOffset?> _acceptedFrom = new("--accepted-from")
    { Description = "Accepted at this time or later, ISO 8601.", HelpName = "TIME" };
    private readonly Option<DateTimeOffset?> _acceptedBefore = new("--accepted-before")
    { Description = "Accepted before this time, ISO 8601.", HelpName = "TIME" };
    private readonly Option<DeadLetterReason?> _reason = ChoiceOption.Create<DeadLetterReason>("--reason", "Why they are dead letters");
    private readonly Option<string?> _from = new("--from")
    { Description = $"The queue they were in: {QueueArgument.Forms}.", HelpName = "QUEUE" };

    private readonly Option<string?> _fromPeer = new("--from-peer")
    { Description = "The peer that they were to go to.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        _common.AddTo(command);
        command.Options.Add(_acceptedFrom);
        command.Options.Add(_acceptedBefore);
        if (!ofDeadLetters) return;
        command.Options.Add(_reason);
        command.Options.Add(_from);
        command.Options.Add(_fromPeer);
        _from.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name) ApiArguments.Check(name, result.AddError);
        });
    }

    /// <summary>Null when every message matches.</summary>
    public FilterRequest? Read(ParseResult parsed, DateTimeOffset now)
    {
        var common = _common.Read(parsed, now);
        var filter = new FilterRequest
        {
            Id = common.IdPrefix.Length > 0 ? common.IdPrefix : null,
            AcceptedFrom = parsed.GetValue(_acceptedFrom)
                ?? (common.AcceptedFromUnixMs > long.MinValue ? DateTimeOffset.FromUnixTimeMilliseconds(common.AcceptedFromUnixMs) : null),
            AcceptedBefore = parsed.GetValue(_acceptedBefore) ?? (
                common.AcceptedBeforeUnixMs < long.MaxValue ? DateTimeOffset.FromUnixTimeMilliseconds(common.AcceptedBeforeUnixMs) : null),
            SizeMin = common.SizeMin > 0 ? common.SizeMin : null,
            SizeMax = common.SizeMax < long.MaxValue ? common.SizeMax : null,
            Source = common.Source,
            Headers = common.Headers.Count > 0 ? new Dictionary<string, string>(common.Headers) : null,
            Reason = ofDeadLetters ? parsed.GetValue(_reason) : null,
            From = ofDeadLetters && parsed.GetValue(_from) is { } from ? QueueName.Of(QueueArgument.Parse(from)) : null,
            FromPeer = ofDeadLetters ? parsed.GetValue(_fromPeer) : null,
        };
        return filter == new FilterRequest() ? null : filter;
    }
}
