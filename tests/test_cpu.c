#include "classify/cpu.h"

#include "tests/check_main.h"

START_TEST(narrow_is_never_wide)
{
	bool wide = cpu_is_wide();

	cpu_narrow(true);
	ck_assert(!cpu_is_wide());
	cpu_narrow(false);
	ck_assert(cpu_is_wide() == wide);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(narrow_is_never_wide),
		CHECK_END,
	};

	return check_main("cpu", tests);
}
