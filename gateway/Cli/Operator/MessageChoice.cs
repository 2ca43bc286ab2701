using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>The explicit choice of the messages for an action: those that match a filter, all, or a single dead letter.</summary>
internal sealed class MessageChoice(bool ofDeadLetters = false)
{
    private readonly FilterOptions _filter = new(ofDeadLetters);
    private readonly Option<bool> _all = new("--all") { Description = "All of them." };
    private readonly Argument<long?> _number = new("number")
    { Description = "Only this dead letter, by its number as 'deadletter ls' gives it.", Arity = ArgumentArity.ZeroOrOne };

    public void AddTo(Command command)
    {
        if (ofDeadLetters) command.Arguments.Add(_number);
        _filter.AddTo(command);
        command.Options.Add(_all);
    }

    /// <param name="queue">Null for the dead letters.</param>
    public StartRequest Read(ParseResult parsed, OperationKind kind, QueueId? queue, DateTimeOffset now)
    {
        var (filter, all, number) = (_filter.Read(parsed, now), parsed.GetValue(_all), ofDeadLetters ? parsed.GetValue(_number) : null);
        if (new[] { filter is not null, all, number is not null }.Count(isGiven => isGiven) != 1)
            throw new CommandLineException(ExitCode.Usage, $"Say which messages: {(ofDeadLetters ? "a number, or " : "")}a filter "
                + $"such as --older-than or --header, or --all; one of them. Nothing was done.");
        return new StartRequest
        {
            Kind = kind,
            Queue = queue is { } id ? QueueName.Of(id) : null,
            Filter = filter,
            All = all,
            Number = number
        };
    }
}
