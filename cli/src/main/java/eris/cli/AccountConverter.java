package eris.cli;

import eris.retention.AccountId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An account, as `eris store gc` prints it.
final class AccountConverter implements ITypeConverter<AccountId> {
  @Override
  public AccountId convert(String text) {
    try {
      return AccountId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("an account is 52 characters of base32");
    }
  }
}
