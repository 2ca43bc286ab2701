using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>The options that select several queues of a running gateway.</summary>
internal sealed class QueueChoiceOptions
{
    private readonly Option<QueueKind?> _kind = ApiArguments.Kind();
    private readonly Option<string?> _queue = new("--queue")
    { Description = "Only queues of this name, at any peer; with queue@peer that one alone.", HelpName = "QUEUE" };
    private readonly Option<string?> _peer = ApiArguments.OfPeer();

    public void AddTo(Command command)
    {
        command.Options.Add(_kind);
        command.Options.Add(_queue);
        command.Options.Add(_peer);
        _queue.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name) ApiArguments.Check(name, result.AddError);
        });
    }

    public QueueChoice Read(ParseResult parsed) => new(parsed.GetValue(_kind), parsed.GetValue(_queue), parsed.GetValue(_peer));
}
