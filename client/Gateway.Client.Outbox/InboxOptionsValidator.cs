using Microsoft.Extensions.Options;

namespace Gateway.Client.Outbox;

/// <summary>Validates the options when the host starts, and reports every fault at once.</summary>
internal sealed class InboxOptionsValidator : IValidateOptions<InboxOptions>
{
    public ValidateOptionsResult Validate(string? name, InboxOptions options)
    {
        List<string> failures = [.. options.Faults()];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
