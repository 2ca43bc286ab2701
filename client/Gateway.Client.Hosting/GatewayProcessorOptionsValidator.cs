using Gateway.Client.Processing;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Hosting;

/// <summary>Validates the options of each processor when the host starts, and reports every fault at once.</summary>
internal sealed class GatewayProcessorOptionsValidator : IValidateOptions<GatewayProcessorOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayProcessorOptions options)
    {
        List<string> failures = [.. options.Faults().Select(fault => $"The processor of '{name}': {fault}")];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
